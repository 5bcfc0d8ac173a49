// The heart: one thread, a set of ready continuations, a heap of timed events, virtual time. A step runs one continuation; when none is ready, time
// jumps to the next event. The order of ready continuations is a choice, and so is whether an event that is due by now happens before they go on. Everything that the step does, this file pays for a million times a second.

using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>Runs continuations and events in virtual time.</summary>
public sealed class Scheduler
{
    /// <summary>Priorities are drawn below this: small enough to record cheaply, ties go by order.</summary>
    private const uint PriorityBound = 1 << 16;

    /// <summary>The outside is asked once in this many turns whether the run is given up.</summary>
    private const int AbortMask = 1023;

    private const ulong HashMultiplier = 0x9E3779B97F4A7C15;

    private readonly World _world;
    private readonly ReadySet _ready = new();
    private readonly EventHeap _events = new();
    private readonly ReadyList? _picked;
    private readonly ChoiceSite _prioritySite;
    private readonly ChoiceSite _dueSite;
    private readonly int _ownerThread;
    private uint _sequence;
    private ulong _picks;
    private ulong _coincidences;
    private int _tasks;
    private bool _halted;

    internal Scheduler(World world, ChoiceSite prioritySite, ChoiceSite dueSite, bool picks)
    {
        _dueSite = dueSite;
        _picked = picks ? new ReadyList() : null;
        _world = world;
        _prioritySite = prioritySite;
        _ownerThread = Environment.CurrentManagedThreadId;
    }

    /// <summary>Virtual time in ticks of 100 ns since the run's start.</summary>
    public long NowTicks { get; private set; }

    /// <summary>Continuations run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Timed events fired so far.</summary>
    public long EventsFired { get; private set; }

    /// <summary>The task whose continuation runs now; null during an event.</summary>
    public SimulatedTask? Current { get; private set; }

    /// <summary>The trace event that led to what runs now.</summary>
    internal long CurrentCause { get; set; }

    /// <summary>Rolling hash over every step, event and trace event so far.</summary>
    internal ulong Hash { get; private set; } = HashMultiplier;

    internal bool IsOwnerThread => Environment.CurrentManagedThreadId == _ownerThread;

    /// <summary>Lets an event happen after a delay of virtual time; zero or less means next, but not on this stack.</summary>
    public void Schedule(ScheduledEvent scheduled, long delayTicks)
    {
        ArgumentNullException.ThrowIfNull(scheduled);
        scheduled.Cause = CurrentCause;
        _events.Add(scheduled, NowTicks + Math.Max(0, delayTicks));
    }

    /// <summary>Takes an event back. Does nothing if it is not scheduled.</summary>
    public void Cancel(ScheduledEvent scheduled) => _events.Remove(scheduled);

    internal void Post(SimulatedTask task, SendOrPostCallback callback, object? state)
    {
        if (!IsOwnerThread)
        {
            _world.ReportEscape($"a continuation of {task.Path} was queued from another thread", new StackTrace(fNeedFileInfo: true));
            return;
        }

        Incarnation incarnation = task.Incarnation;
        if (!incarnation.IsAlive)
        {
            return;
        }

        if (task.HasEnded)
        {
            _world.ReportOrphan(task);
            return;
        }

        if (_picked is not null)
        {
            PostPicked(task, callback, state);
            return;
        }

        uint priority = _world.Ask(
            _prioritySite, incarnation.Machine.Index, task.ScheduleKey + (task.ContinuationCount++ * HashMultiplier), PriorityBound);
        _ready.Add(new ReadyItem(((ulong)priority << 32) | _sequence++, task, callback, state, CurrentCause));
    }

    internal void Requeue(in ReadyItem item)
    {
        if (_picked is { } list)
        {
            list.Add(in item);
            return;
        }

        _ready.Add(in item);
    }

    internal int NextTaskNumber() => _tasks++;

    /// <summary>Folds a value into the rolling hash.</summary>
    internal void Fold(ulong value) => Hash = BitOperations.RotateLeft((Hash ^ value) * HashMultiplier, 23);

    internal void Halt() => _halted = true;

    /// <summary>Runs until halted, until nothing is left to do, or up to a limit.</summary>
    internal SchedulerEnd Run(long stepsMax, long ticksMax)
    {
        CancellationToken abort = _world.Options.Abort;
        int turns = 0;
        try
        {
            while (!_halted)
            {
                if ((++turns & AbortMask) == 0 && abort.IsCancellationRequested)
                {
                    return SchedulerEnd.Aborted;
                }

                if (_ready.Count > 0)
                {
                    if (Steps >= stepsMax)
                    {
                        return SchedulerEnd.StepLimit;
                    }

                    if (_events.IsDue(NowTicks) && IsEventFirst())
                    {
                        FireNext();
                        continue;
                    }

                    Step(_ready.Take());
                }
                else if (_picked is { Count: > 0 })
                {
                    if (Steps >= stepsMax)
                    {
                        return SchedulerEnd.StepLimit;
                    }

                    if (_events.IsDue(NowTicks) && IsEventFirst())
                    {
                        FireNext();
                        continue;
                    }

                    StepPicked(_picked);
                }
                else if (_events.Count == 0)
                {
                    return SchedulerEnd.Idle;
                }
                else if (_events.NextDue > ticksMax)
                {
                    return SchedulerEnd.TimeLimit;
                }
                else
                {
                    FireNext();
                }
            }

            return SchedulerEnd.Halted;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            Current = null;
        }
    }

    /// <summary>Out of line, as the step for picks is: runs without a strategy are most, and pay nothing for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PostPicked(SimulatedTask task, SendOrPostCallback callback, object? state) =>
        _picked!.Add(new ReadyItem(_sequence++, task, callback, state, CurrentCause));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepPicked(ReadyList list) => Step(list.Take(_world.Pick(_picks++, list)));

    // A limit may pass in the middle of what was to forestall it: on a real machine nothing holds timers back until all others rest.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsEventFirst() => _world.Ask(_dueSite, _world.Harness.Index, _coincidences++, 2) == 1;

    private void Step(in ReadyItem item)
    {
        SimulatedTask task = item.Task;
        Incarnation incarnation = task.Incarnation;
        if (!incarnation.IsAlive)
        {
            return;
        }

        if (incarnation.Machine.IsPaused)
        {
            incarnation.Machine.Hold(in item);
            return;
        }

        Steps++;
        Fold(task.ScheduleKey + (ulong)NowTicks);
        Current = task;
        CurrentCause = item.Cause;
        if ((Steps & TraceRecorder.CheckpointMask) == 0)
        {
            _world.Trace.AddCheckpoint(Steps, Hash);
        }

        SynchronizationContext.SetSynchronizationContext(task);
        try
        {
            item.Callback(item.State);
        }
#pragma warning disable CA1031 // Nothing may escape from a step: the world decides what the exception means.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _world.ReportStepFailure(task, exception);
        }

        Current = null;
    }

    private void FireNext()
    {
        NowTicks = _events.NextDue;
        ScheduledEvent next = _events.Take();
        EventsFired++;
        CurrentCause = next.Cause;
        SynchronizationContext.SetSynchronizationContext(_world.EventContext);
        try
        {
            next.Fire();
        }
#pragma warning disable CA1031 // A failing event is a failure of the harness, reported as such.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _world.ReportHarnessFailure(exception);
        }
    }
}
