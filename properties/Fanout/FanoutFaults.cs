// Plays the script. One fault at a time on each machine; a machine that a fault has put down is up again when it ends.

using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Fanout;

internal sealed class FanoutFaults(World world, IPlatform harness, FanoutPlan plan, FanoutRun run, TaskScope scope)
{
    private readonly HashSet<Machine> _busy = [];

    public void Start()
    {
        foreach (FanoutFault fault in plan.Faults)
        {
            scope.Run($"fault-{fault.Kind}", token => PlayAsync(fault, token));
        }
    }

    private async Task PlayAsync(FanoutFault fault, CancellationToken cancellationToken)
    {
        await harness.Clock.DelayAsync(fault.At, cancellationToken);
        Machine machine = run.Machines[fault.Machine % run.Machines.Count];
        Machine other = run.Machines[fault.Other % run.Machines.Count];
        if (!machine.IsOn || !_busy.Add(machine))
        {
            return;
        }

        try
        {
            await PlayAsync(fault, machine, other, cancellationToken);
        }
        finally
        {
            _busy.Remove(machine);
        }
    }

    private async Task PlayAsync(FanoutFault fault, Machine machine, Machine other, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FanoutFaultKind.Crash or FanoutFaultKind.PowerLoss or FanoutFaultKind.Wipe or FanoutFaultKind.Stop:
                await PutDownAsync(fault.Kind, machine);
                await harness.Clock.DelayAsync(fault.Duration, cancellationToken);
                run.Boot(machine);
                break;
            case FanoutFaultKind.Pause:
                world.CountFault("pause");
                machine.Pause();
                await harness.Clock.DelayAsync(fault.Duration, cancellationToken);
                machine.Resume();
                break;
            case FanoutFaultKind.Partition when machine != other:
                world.Network.Partition(machine, other);
                await harness.Clock.DelayAsync(fault.Duration, cancellationToken);
                world.Network.Heal(machine, other);
                break;
            case FanoutFaultKind.Slow when machine != other:
                world.Network.Slow(machine, other, 2_000, fault.Duration);
                break;
            case FanoutFaultKind.CutOff:
                world.Network.CutAll(machine);
                await harness.Clock.DelayAsync(fault.Duration, cancellationToken);
                world.Network.Reconnect(machine);
                break;
        }
    }

    private async Task PutDownAsync(FanoutFaultKind kind, Machine machine)
    {
        world.CountFault(kind switch
        {
            FanoutFaultKind.Crash => "crash",
            FanoutFaultKind.PowerLoss => "power-loss",
            FanoutFaultKind.Stop => "stop",
            _ => "wipe",
        });
        switch (kind)
        {
            case FanoutFaultKind.Stop:
                await machine.StopAsync(plan.StopLimit);
                break;
            case FanoutFaultKind.PowerLoss:
                machine.PowerLoss();
                break;
            case FanoutFaultKind.Wipe when run.IsReplica(machine):
                machine.Crash();
                machine.Wipe();
                break;
            default:
                machine.Crash();
                break;
        }
    }
}
