// One process of a machine, from boot to its end. A crash is not a disposal: IsAlive turns false, and from then on none of its continuations, timers
// or callbacks ever runs again; its finally blocks do not run either, as after kill -9.

using SimGraph.Runtime;

namespace SimGraph.Simulation.Kernel;

/// <summary>One process: a machine between a boot and the end of its program.</summary>
public sealed class Incarnation
{
    private readonly SortedDictionary<string, ulong> _taskInstances;
    private readonly List<SimulatedTimer> _timers = [];

    internal Incarnation(Machine machine, int number, SortedDictionary<string, ulong> taskInstances)
    {
        Machine = machine;
        Number = number;
        _taskInstances = taskInstances;
        Ledger = new Ledger(machine.World);
        Clock = new SimulatedClock(this);
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The world.</summary>
    public World World => Machine.World;

    /// <summary>1 for the first boot.</summary>
    public int Number { get; }

    /// <summary>False once the process has ended, in whatever way.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Everything of this process that is alive.</summary>
    public Ledger Ledger { get; }

    /// <summary>Ends when the process has ended.</summary>
    public Task<ProcessExit> Exited => ExitedSource.Task;

    internal SimulatedClock Clock { get; }

    internal CancellationTokenSource StopRequest { get; } = new();

    internal TaskCompletionSource<ProcessExit> ExitedSource { get; } = new();

    internal SimulatedTask CreateTask(string path, CancellationToken stopping)
    {
        _taskInstances.TryGetValue(path, out ulong instance);
        _taskInstances[path] = instance + 1;
        return new SimulatedTask(this, path, instance, stopping);
    }

    internal void Register(SimulatedTimer timer)
    {
        timer.OwnerIndex = _timers.Count;
        _timers.Add(timer);
    }

    internal void Unregister(SimulatedTimer timer)
    {
        Invariant.Check(_timers[timer.OwnerIndex] == timer, "a timer knows its place");
        SimulatedTimer last = _timers[^1];
        _timers[timer.OwnerIndex] = last;
        last.OwnerIndex = timer.OwnerIndex;
        _timers.RemoveAt(_timers.Count - 1);
    }

    internal void End(ProcessExit exit)
    {
        if (!IsAlive)
        {
            return;
        }

        IsAlive = false;
        foreach (SimulatedTimer timer in _timers)
        {
            World.Scheduler.Cancel(timer);
        }

        _timers.Clear();
        ExitedSource.TrySetResult(exit);
    }
}
