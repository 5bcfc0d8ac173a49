using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Tests.Simulation;

namespace SimGraph.Tests.Stops;

/// <summary>The world of one stop: the machine of the component, the machines around it, and what goes wrong.</summary>
internal sealed class StopLab(World world, IPlatform harness, StopPlan plan)
{
    private static readonly TimeSpan SlowCall = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan ClogTime = TimeSpan.FromHours(1);
    private readonly List<Machine> _peers = [];
    private Machine? _machine;

    public World World => world;

    public StopPlan Plan => plan;

    /// <summary>The machine of the component.</summary>
    public Machine Machine => _machine ?? throw new InvalidOperationException("the machine is not there yet");

    public IReadOnlyList<Machine> Peers => _peers;

    /// <summary>Virtual time.</summary>
    public TimeSpan Now => world.Now;

    /// <summary>Adds the component's machine.</summary>
    public Machine AddMachine(string name) => _machine = world.AddMachine(name, new MachineOptions());

    /// <summary>Boots a machine with a program that ends when it is asked to.</summary>
    public Machine BootPeer(string name, Func<IPlatform, CancellationToken, Task> program)
    {
        Machine peer = world.AddMachine(name, new MachineOptions());
        _peers.Add(peer);
        peer.Boot(program);
        return peer;
    }

    public Task DelayAsync(TimeSpan delay) => harness.Clock.DelayAsync(delay, CancellationToken.None);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await DelayAsync(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Lets the plan's fault happen.</summary>
    public void Disturb()
    {
        switch (plan.Fault)
        {
            case StopFault.Partition:
                world.Network.CutAll(Machine);
                break;
            case StopFault.Deaf:
                ForEachPeer(peer => world.Network.Partition(Machine, peer, PartitionDirection.FirstToSecond));
                break;
            case StopFault.SilentPeers:
                ForEachPeer(peer => peer.Pause());
                break;
            case StopFault.DeadPeers:
                ForEachPeer(peer => peer.Crash());
                break;
            case StopFault.SlowLinks:
                ForEachPeer(peer => world.Network.Slow(Machine, peer, 4096, ClogTime));
                break;
            case StopFault.BadNetwork:
                world.Network.FaultOptions = NetworkFaultOptions.Brutal;
                break;
            default:
                DisturbDisk(Machine.Disk);
                break;
        }
    }

    /// <summary>Ends every fault, and everything around the component.</summary>
    public async Task EndAsync()
    {
        world.Network.FaultOptions = NetworkFaultOptions.None;
        world.Network.HealAll();
        ForEachPeer(peer => peer.Resume());
        foreach (Machine peer in _peers)
        {
            await peer.StopAsync(TimeSpan.FromMinutes(2));
        }
    }

    /// <summary>A program that runs something until it is asked to stop.</summary>
    public static async Task UntilStoppedAsync(CancellationToken stop) => await Worlds.UntilStoppedAsync(stop);

    private void DisturbDisk(SimulatedDisk disk)
    {
        switch (plan.Fault)
        {
            case StopFault.SlowDisk:
                DiskLatency slow = DiskLatency.Around(SlowCall);
                disk.Faults = disk.Faults with { Read = slow, Write = slow, Flush = slow, Metadata = slow };
                break;
            case StopFault.HungDisk:
                disk.StallFor(plan.HungTime);
                break;
            case StopFault.FailedFlush:
                disk.FailNext(DiskFaultKind.FailedFlush);
                break;
            case StopFault.FailedWrite:
                disk.FailNext(DiskFaultKind.WriteError);
                break;
            case StopFault.FullDisk:
                disk.FillFor(ClogTime);
                break;
        }
    }

    private void ForEachPeer(Action<Machine> action)
    {
        foreach (Machine peer in _peers)
        {
            action(peer);
        }
    }
}
