// A node of the discovery scenario: a machine, the program that it boots, and the observer whose calls are checked.

using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Discovery;

/// <summary>A node under test, or a clone of one.</summary>
internal sealed class DiscoveryNode(World world, DiscoveryTruth truth, Machine machine, DiscoveryPlan plan, NodeId id)
{
    /// <summary>Port of nodes that are seeds; the others take a new one at every boot.</summary>
    public const int SeedPort = 9200;

    /// <summary>The name that stands for the first node.</summary>
    public const string Name = "seed.discovery.test";

    private int _boots;

    public Machine Machine => machine;

    /// <summary>Its identity; a wiped node needs a new one.</summary>
    public NodeId Id { get; set; } = id;

    /// <summary>Whether others have it as their seed.</summary>
    public bool IsSeed { get; init; }

    public IReadOnlyList<NetworkAddress> Seeds { get; init; } = [];

    public bool UsesNames { get; init; }

    /// <summary>Whether it has lost its disk under its present identity.</summary>
    public bool IsWiped { get; set; }

    /// <summary>True while the script keeps it off.</summary>
    public bool IsHeldDown { get; set; }

    /// <summary>The running service; null while the machine is off or it has not started.</summary>
    public DiscoveryService? Service { get; private set; }

    /// <summary>Checks what the running service says.</summary>
    public DiscoveryWatch? Watch { get; private set; }

    public void Boot()
    {
        Service = null;
        Watch = null;
        machine.Boot(RunAsync);
    }

    public void End(Action<Machine> how)
    {
        how(machine);
        truth.Ended(machine);
        Service = null;
    }

    public async Task StopAsync()
    {
        await machine.StopAsync(plan.StopLimit);
        truth.Ended(machine);
        Service = null;
    }

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        _boots++;
        Random chance = platform.Random.Get("program");
        if (chance.Next(4) == 0)
        {
            await StartAndStopAsync(platform);
        }

        var watch = new DiscoveryWatch(world, platform.Probes, truth, machine, plan);
        var service = new DiscoveryService(platform, Options(), CreateSeeds(platform), watch);
        try
        {
            await service.StartAsync(stop);
            truth.Started(machine, service.Own!);
            watch.Begin(service);
            Service = service;
            Watch = watch;
            service.UpdateSelf((MemberRole)(1 + chance.Next(3)), (ulong)_boots, chance.Next(3));
            Task stopped = stop.WhenCancelledAsync(out CancellationTokenRegistration registration);
            await stopped;
            await registration.DisposeAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            platform.Probes.Reachable("discovery.stopped-while-starting");
        }

        await StopAsync(service, chance.Next(3));
        watch.HasStopped = true;
    }

    /// <summary>A service that is stopped while it starts, and before: nothing of it may be left, and it can never be started again.</summary>
    private async Task StartAndStopAsync(IPlatform platform)
    {
        var watch = new DiscoveryWatch(world, platform.Probes, truth, machine, plan);
        var service = new DiscoveryService(platform, Options(), CreateSeeds(platform), watch);
        Task starting = service.StartAsync(CancellationToken.None);
        await StopAsync(service, 1);
        try
        {
            await starting;
        }
        catch (OperationCanceledException)
        {
            platform.Probes.Reachable("discovery.stopped-while-starting");
        }

        watch.HasStopped = true;
        try
        {
            await service.StartAsync(CancellationToken.None);
            world.Fail(ViolationClass.Safety, "discovery.started-after-stop", $"{machine.Name}: a service that was stopped could be started");
        }
        catch (OperationCanceledException)
        {
            // As it must be.
        }
    }

    private static async Task StopAsync(DiscoveryService service, int way)
    {
        Task first = service.StopAsync();
        if (way > 0)
        {
            await service.StopAsync();
        }

        await first;
        if (way == 2)
        {
            await service.StopAsync();
        }
    }

    private DiscoveryOptions Options() => new()
    {
        Self = Id,
        ClusterId = "test",
        Address = new NetworkAddress(machine.Name, 7000 + _boots),
        ListenAddress = new NetworkAddress(machine.Name, IsSeed ? SeedPort : SeedPort + _boots),
        Table = new MemberTableOptions { ExpireAfter = plan.ExpireAfter },
    };

    private ISeedSource CreateSeeds(IPlatform platform) => UsesNames
        ? new CombinedSeedSource(new StaticSeedSource(Seeds), new DnsSeedSource(platform, [new NetworkAddress(Name, SeedPort)]))
        : new StaticSeedSource(Seeds);
}
