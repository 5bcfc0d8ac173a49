// Plays the fault script: each line at its time, each undone after its duration. Healing stops the script and undoes everything at once. The budget: any number of
// nodes may crash, lose power or be cut off at a time, since every one of them keeps its disk; no fault here destroys what was flushed.

using SimGraph.Properties.Cluster.Plan;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Cluster.Faults;

/// <summary>Injects the scripted faults of a plan.</summary>
internal sealed class FaultInjector(World world, IPlatform harness, ClusterPlan plan, ClusterUnderTest cluster, TaskScope scope)
{
    private const int PendingMilliseconds = 500;
    private const int RecoveryMicroseconds = 20_000;
    private static readonly TimeSpan SupervisorPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the disk of a node that is to stop may hang.</summary>
    private static readonly TimeSpan HangMax = TimeSpan.FromSeconds(60);
    private readonly NodeFaults _faults = new(world, harness, cluster.Nodes);

    /// <summary>Begins to play the script and to restart nodes whose disk failed them.</summary>
    public void Start()
    {
        scope.Run("script", PlayAsync);
        scope.Run("maneuvers", new LogManeuvers(world, harness, plan, cluster, _faults).PlayAsync);
        foreach (ClusterNode node in cluster.Nodes)
        {
            scope.Run($"supervise-{node.Machine.Name}", cancellationToken => SuperviseAsync(node, cancellationToken));
        }
    }

    /// <summary>Ends the script. A node that is being stopped is waited for, and its disk.</summary>
    public Task StopAsync() => scope.StopAsync((plan.StopLimit * 2) + HangMax);

    /// <summary>Ends every fault and starts every node that is off. The script must have been stopped before.</summary>
    public void HealAll()
    {
        world.ChancePointsHealed = true;
        world.Network.HealAll();
        world.Network.FaultOptions = NetworkFaultOptions.None;
        foreach (ClusterNode node in cluster.Nodes)
        {
            node.Machine.Disk.Heal();
            node.Machine.Disk.Faults = plan.Disk with
            {
                FailedFlushPartsPerMillion = 0,
                WriteErrorPartsPerMillion = 0,
                ReadErrorPartsPerMillion = 0,
                StallPartsPerMillion = 0,
            };
            node.IsHeldDown = node.IsGone;
            node.Machine.Resume();
        }
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        TimeSpan start = world.Now;
        int line = 0;
        foreach (PlannedFault fault in plan.Faults)
        {
            await harness.Clock.DelayAsync(start + fault.At - world.Now, cancellationToken);
            scope.Run($"fault-{++line}", token => InjectAsync(fault, cluster.Resolve(fault), token));
        }
    }

    private async Task SuperviseAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        while (true)
        {
            await harness.Clock.DelayAsync(SupervisorPause, cancellationToken);
            if (!node.IsHeldDown && !node.Machine.IsOn)
            {
                node.Boot();
            }
        }
    }

    private Task InjectAsync(PlannedFault fault, ClusterNode node, CancellationToken cancellationToken)
    {
        Machine machine = node.Machine;
        world.CountFault($"script.{fault.Kind}");
        world.Trace.Emit(TraceKind.Fault, machine, (long)fault.Kind, fault.Duration.Ticks, world.Trace.IsRecording ? fault.ToString() : null);
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                return _faults.DownAsync([node], static down => down.Crash(), fault.Duration, cancellationToken);
            case FaultKind.PowerLoss:
                return _faults.DownAsync([node], static down => down.PowerLoss(), fault.Duration, cancellationToken);
            case FaultKind.PowerLossOfAll:
                return _faults.DownAsync(cluster.Nodes, static down => down.PowerLoss(), fault.Duration, cancellationToken);
            case FaultKind.GracefulRestart:
                return GracefulRestartAsync(node, fault.Duration, cancellationToken);
            case FaultKind.StopOnHungDisk:
                return StopOnHungDiskAsync(node, fault, cancellationToken);
            case FaultKind.StopWhileStarting:
                return StopWhileStartingAsync(node, fault, cancellationToken);
            case FaultKind.Pause:
                return ForAsync(machine.Pause, machine.Resume, fault.Duration, cancellationToken);
            case FaultKind.Isolate:
                return ForAsync(() => world.Network.CutAll(machine), () => world.Network.Reconnect(machine), fault.Duration, cancellationToken);
            case FaultKind.CutFromPeers:
                return _faults.SplitAsync([node], fault.Duration, cancellationToken);
            case FaultKind.OneWayCut:
                return OneWayCutAsync(fault, machine, cancellationToken);
            case FaultKind.Split:
                return _faults.SplitAsync(Group(1 + (Math.Abs(fault.Amount) % ((1 << cluster.Nodes.Count) - 1))), fault.Duration, cancellationToken);
            case FaultKind.Clog:
                Clog(fault, machine);
                break;
            case FaultKind.ClockJump:
                machine.Clock.Jump(machine, TimeSpan.FromMilliseconds(fault.Amount));
                break;
            case FaultKind.ClockDrift:
                machine.Clock.SetDrift(machine, fault.Amount);
                break;
            case FaultKind.DiskFull:
                node.DiskMayFail = true;
                machine.Disk.FillFor(fault.Duration);
                break;
            case FaultKind.FailedFlush:
                node.DiskMayFail = true;
                machine.Disk.FailNext(DiskFaultKind.FailedFlush);
                break;
            default:
                throw new InvalidOperationException($"no such fault: {fault.Kind}");
        }

        return Task.CompletedTask;
    }

    private async Task GracefulRestartAsync(ClusterNode node, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (node.ClockCrawls || node.IsHeldDown)
        {
            return;
        }

        await _faults.StopAsync(node, plan.StopLimit);
        await _faults.UpAsync([node], duration, cancellationToken);
    }

    private async Task StopOnHungDiskAsync(ClusterNode node, PlannedFault fault, CancellationToken cancellationToken)
    {
        if (node.ClockCrawls || node.IsHeldDown)
        {
            return;
        }

        TimeSpan hang = TimeSpan.FromMilliseconds(1 + (Math.Abs(fault.Amount) % (int)HangMax.TotalMilliseconds));
        node.HangDisk(hang);
        await harness.Clock.DelayAsync(TimeSpan.FromMilliseconds(Math.Abs(fault.Amount) % PendingMilliseconds), cancellationToken);
        if (node.IsHeldDown)
        {
            return;
        }

        await _faults.StopAsync(node, plan.StopLimit);
        await _faults.UpAsync([node], fault.Duration, cancellationToken);
    }

    private async Task StopWhileStartingAsync(ClusterNode node, PlannedFault fault, CancellationToken cancellationToken)
    {
        if (node.ClockCrawls || node.IsHeldDown)
        {
            return;
        }

        node.IsHeldDown = true;
        node.Machine.Crash();
        node.Boot();
        await harness.Clock.DelayAsync(TimeSpan.FromMicroseconds(1 + (Math.Abs(fault.Amount) % RecoveryMicroseconds)), cancellationToken);
        await _faults.StopAsync(node, plan.StopLimit);
        await _faults.UpAsync([node], fault.Duration, cancellationToken);
    }

    private async Task OneWayCutAsync(PlannedFault fault, Machine machine, CancellationToken cancellationToken)
    {
        Machine other = cluster.Nodes[fault.Ordinal % cluster.Nodes.Count].Machine;
        if (other == machine)
        {
            return;
        }

        PartitionDirection direction = fault.Amount < 0 ? PartitionDirection.FirstToSecond : PartitionDirection.SecondToFirst;
        await ForAsync(
            () => world.Network.Partition(machine, other, direction), () => world.Network.Heal(machine, other), fault.Duration, cancellationToken);
    }

    /// <summary>The nodes whose bits are set.</summary>
    private ClusterNode[] Group(int members) => [.. cluster.Nodes.Where(node => (members >> (node.Id.Value - 1) & 1) == 1)];

    private void Clog(PlannedFault fault, Machine machine)
    {
        TimeSpan latency = TimeSpan.FromMilliseconds(1 + (Math.Abs(fault.Amount) % 2000));
        foreach (ClusterNode other in cluster.Nodes)
        {
            if (other.Machine != machine)
            {
                world.Network.Clog(machine, other.Machine, latency, fault.Duration);
            }
        }
    }

    private async Task ForAsync(Action begin, Action end, TimeSpan duration, CancellationToken cancellationToken)
    {
        begin();
        try
        {
            await harness.Clock.DelayAsync(duration, cancellationToken);
        }
        finally
        {
            end();
        }
    }
}
