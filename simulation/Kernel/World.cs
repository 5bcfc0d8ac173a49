// One run: machines, network, disks, choices, trace and verdict. A run is a pure function of its scenario and its choices. It owns one thread from Run's
// call to its return; nothing in it is static, so any number of worlds run side by side on threads of their own.
//
// Escapes: work that leaves the thread is found in two ways. A continuation that is queued from another thread is caught by the scheduler. And the run
// executes in an ExecutionContext of its own, marked by an AsyncLocal: a pool thread, timer or new thread that inherits it triggers the change handler.

using System.Diagnostics;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>A simulated world and one run in it. Create it and call <see cref="Run"/> on the same thread, once.</summary>
public sealed class World
{
    /// <summary>Name of the violation that a replay left its recording.</summary>
    public const string ReplayDiverged = "nondeterminism.replay-diverged";

    /// <summary>The wall time at which every run begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan EscapeGrace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EscapeGraceWhileBusy = TimeSpan.FromSeconds(5);

    private readonly IChoiceSource _choices;
    private readonly ChoiceSite? _pickSite;
    private readonly Dictionary<string, ChoiceSite> _sites = new(StringComparer.Ordinal);
    private readonly List<Machine> _machines = [];
    private readonly Dictionary<string, long> _faults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly AsyncLocal<World?> _mark;
    private readonly object _escapeGate = new();
    private string? _escape;
    private bool _ended;

    /// <param name="options">Validated here.</param>
    public World(WorldOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _choices = options.Choices ?? new SeededChoices(options.Seed);
        _mark = new AsyncLocal<World?>(OnContextChanged);
        Scheduler = new Scheduler(this, Site("schedule"), Site("schedule.due"), _choices.Picks);
        _pickSite = _choices.Picks ? Site("schedule.pick") : null;
        Trace = new TraceRecorder(this, options.TraceListener);
        EventContext = new EventContext(this);
        Network = new SimulatedNetwork(this, options.Network);
        Harness = AddMachine("world", new MachineOptions());
    }

    /// <summary>What the run is made from.</summary>
    public WorldOptions Options { get; }

    /// <summary>Steps, events and virtual time.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>The event trace.</summary>
    public TraceRecorder Trace { get; }

    /// <summary>The network between the machines.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>Counts of the probes.</summary>
    public ProbeTable Probes { get; } = new();

    /// <summary>The machine on which the scenario itself runs: its clock is exact, no fault touches it.</summary>
    public Machine Harness { get; }

    /// <summary>The machines of the scenario, in the order in which they were added.</summary>
    public IReadOnlyList<Machine> Machines => _machines[1..];

    /// <summary>Virtual time since the run began.</summary>
    public TimeSpan Now => new(Scheduler.NowTicks);

    /// <summary>The first violation; null while all holds.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Stops chance points from firing: part of healing for the liveness phase.</summary>
    public bool ChancePointsHealed { get; set; }

    internal EventContext EventContext { get; }

    /// <summary>Adds a machine, which is off.</summary>
    public Machine AddMachine(string name, MachineOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Invariant.Check(_machines.Count < 256, "a world has at most 255 machines");
        if (_machines.Exists(machine => machine.Name == name))
        {
            throw new ArgumentException($"there is a machine '{name}' already", nameof(name));
        }

        var machine = new Machine(this, _machines.Count, name, options);
        _machines.Add(machine);
        return machine;
    }

    /// <summary>The site of a name; the same object every time.</summary>
    public ChoiceSite Site(string name)
    {
        if (!_sites.TryGetValue(name, out ChoiceSite? site))
        {
            site = new ChoiceSite(name, _sites.Count);
            _sites.Add(name, site);
        }

        return site;
    }

    /// <summary>Makes a choice in [0, <paramref name="bound"/>) for a machine.</summary>
    public uint Choose(ChoiceSite site, Machine machine, uint bound)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(machine);
        Invariant.Check(bound > 0, "a choice needs at least one alternative");
        return Ask(site, machine.Index, machine.NextOrdinal(site), bound);
    }

    /// <summary>True with a probability in parts per million. Zero draws nothing.</summary>
    public bool Chance(ChoiceSite site, Machine machine, int partsPerMillion) =>
        partsPerMillion > 0 && Choose(site, machine, 1_000_000) < (uint)partsPerMillion;

    /// <summary>Counts an injected fault.</summary>
    public void CountFault(string kind) => Count(_faults, kind, 1);

    /// <summary>Adds to a counter of the scenario.</summary>
    public void Count(string counter, long by = 1) => Count(_counters, counter, by);

    /// <summary>Reports a violation and ends the run. The first one stands.</summary>
    public void Fail(ViolationClass violationClass, string name, string message)
    {
        if (Violation is null && !_ended)
        {
            Violation = new Violation(violationClass, name, message, Scheduler.Steps, Now);
            Trace.Emit(TraceKind.Violation, null, (long)violationClass, 0, Trace.IsRecording ? $"{name}: {message}" : null);
        }

        Scheduler.Halt();
    }

    /// <summary>Runs the scenario to its end, a violation or a limit. The scenario runs as a task of the <see cref="Harness"/>.</summary>
    public RunResult Run(Func<World, IPlatform, Task> scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Invariant.Check(!_ended && !Harness.IsOn, "a world runs once");
        Invariant.Check(Scheduler.IsOwnerThread, "a world runs on the thread that created it");
        SynchronizationContext? outer = SynchronizationContext.Current;
        SchedulerEnd end = default;
        try
        {
            ExecutionContext.Run(
                ExecutionContext.Capture()!,
                _ =>
                {
                    _mark.Value = this;
                    Harness.ExpectsFailure = ReportScenarioFailure;
                    Harness.Boot((platform, _) => scenario(this, platform));
                    end = RunScheduler();
                },
                null);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        Conclude(end);
        bool stopped = end == SchedulerEnd.Aborted || (end == SchedulerEnd.StepLimit && Options.StopAtStep <= Options.StepsMax);
        return Result(stopped && Violation is null);
    }

    /// <summary>Asks the source of choices. A replay that diverges ends the run; it must not throw into an await, which would take the process down.</summary>
    internal uint Ask(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        try
        {
            return _choices.Next(site, machine, ordinal, bound);
        }
        catch (ReplayDivergedException exception)
        {
            Fail(ViolationClass.Nondeterminism, ReplayDiverged, exception.Message);
            return 0;
        }
    }

    /// <summary>Asks which continuation runs next.</summary>
    internal int Pick(ulong ordinal, ReadyList ready)
    {
        try
        {
            uint position = _choices.Pick(_pickSite!, ordinal, ready);
            Invariant.Check(position < (uint)ready.Count, "a pick is a position in the list");
            return (int)position;
        }
        catch (ReplayDivergedException exception)
        {
            Fail(ViolationClass.Nondeterminism, ReplayDiverged, exception.Message);
            return 0;
        }
    }

    internal void ReportEscape(string what, StackTrace stack)
    {
        lock (_escapeGate)
        {
            _escape ??= $"{what}; work may start in a TaskScope only, and no await may leave its context. Stack:\n{stack}";
        }

        Scheduler.Halt();
    }

    internal void ReportOrphan(SimulatedTask task) => Fail(
        ViolationClass.Leak,
        "leak.orphan",
        $"a continuation of task {task.Path} on {task.Incarnation.Machine.Name} is queued after the task has ended: an await that nobody awaits outlived it");

    internal void ReportUnheard(SimulatedTask task, string path) => Fail(
        ViolationClass.Liveness,
        "liveness.stop-unheard",
        $"task {task.Path} on {task.Incarnation.Machine.Name} begins to read {path} with a token that {(task.Stopping.IsCancellationRequested ? "does not say that it was told to stop" : "will never tell it to stop")}");

    internal void ReportUnowned(string what) =>
        Fail(ViolationClass.Leak, "leak.unowned", $"{what} has no task that owns it");

    internal void ReportStepFailure(SimulatedTask task, Exception exception)
    {
        ViolationClass violationClass = task.Incarnation.Machine == Harness ? ViolationClass.Harness : ViolationClass.Unhandled;
        Fail(violationClass, $"unhandled.{exception.GetType().Name}", $"{task.Path} on {task.Incarnation.Machine.Name} threw: {exception}");
    }

    internal void ReportHarnessFailure(Exception exception)
    {
        Fail(ViolationClass.Harness, $"harness.{exception.GetType().Name}", $"an event failed: {exception}");
    }

    internal void ReportTaskFailure(Incarnation process, ScopedTask task, Exception exception)
    {
        if (process.Machine == Harness)
        {
            ReportScenarioFailure(exception);
        }
        else if (!process.Machine.ExpectsTaskFailure(exception))
        {
            Fail(ViolationClass.Unhandled, $"unhandled.{exception.GetType().Name}", $"task {task} on {process.Machine.Name} failed: {exception}");
        }
        else if (Trace.IsRecording)
        {
            Trace.Note(process.Machine, "task failed", $"{task}: {exception.Message}");
        }
    }

    internal IEnumerable<MachineDevice> DevicesOf(Machine machine) => [Network, machine.Disk];

    internal INetwork OpenNetwork(Incarnation process) => Network.Open(process);

    internal IDisk OpenDisk(Incarnation process) => process.Machine.Disk.OpenFor(process);

    private static void Count(Dictionary<string, long> counts, string name, long by)
    {
        counts.TryGetValue(name, out long count);
        counts[name] = count + by;
    }

    private SchedulerEnd RunScheduler()
    {
        long stepsMax = Math.Min(Options.StepsMax, Options.StopAtStep);
        if (Options.BreakAtStep < stepsMax)
        {
            SchedulerEnd end = Scheduler.Run(Options.BreakAtStep, Options.VirtualTimeMax.Ticks);
            if (end != SchedulerEnd.StepLimit)
            {
                return end;
            }

            // The next continuation to run is the asked for one: step into item.Callback.
            Debugger.Break();
        }

        return Scheduler.Run(stepsMax, Options.VirtualTimeMax.Ticks);
    }

    private bool ReportScenarioFailure(Exception exception)
    {
        Fail(ViolationClass.Harness, $"harness.{exception.GetType().Name}", $"the scenario failed: {exception}");
        return true;
    }

    private void OnContextChanged(AsyncLocalValueChangedArgs<World?> change)
    {
        if (change.CurrentValue == this && !Scheduler.IsOwnerThread)
        {
            // Who started it is not on that thread's stack; the run's thread is there still, or has just left.
            string about = Scheduler.Current is { } task ? $" about when task {task.Path} of {task.Incarnation.Machine.Name} ran" : string.Empty;
            ReportEscape($"work of the run started on another thread{about}", new StackTrace(fNeedFileInfo: true));
        }
    }

    private bool HasEscaped() => Volatile.Read(ref _escape) is not null;

    private void Conclude(SchedulerEnd end)
    {
        if (end == SchedulerEnd.Idle)
        {
            // What the scenario waits for may have escaped to a thread that has not come to it yet: a right diagnosis is worth the wait.
            SpinWait.SpinUntil(HasEscaped, EscapeGrace);
            SpinWait.SpinUntil(() => HasEscaped() || (Timer.ActiveCount == 0 && ThreadPool.PendingWorkItemCount == 0), EscapeGraceWhileBusy);
        }

        lock (_escapeGate)
        {
            if (_escape is not null && Violation is null)
            {
                Violation = new Violation(ViolationClass.Nondeterminism, "nondeterminism.escape", _escape, Scheduler.Steps, Now);
            }
        }

        switch (end)
        {
            case SchedulerEnd.Idle:
                Fail(ViolationClass.Liveness, "liveness.deadlock", $"nothing is ready and no timer is set, but the scenario has not ended; {DescribeAlive()}");
                break;
            case SchedulerEnd.TimeLimit:
                Fail(ViolationClass.Liveness, "liveness.time-limit", $"the run exceeded {Options.VirtualTimeMax} of virtual time; {DescribeAlive()}");
                break;
            case SchedulerEnd.StepLimit when Options.StopAtStep > Options.StepsMax:
                Fail(ViolationClass.Liveness, "liveness.step-limit", $"the run exceeded {Options.StepsMax} steps; {DescribeAlive()}");
                break;
        }

        _ended = true;
    }

    private string DescribeAlive() => string.Join(
        " | ", _machines.Where(machine => machine.IsOn).Select(machine => $"{machine.Name}: {Machine.Describe(machine.Process!.Ledger)}"));

    private RunResult Result(bool stopped) => new()
    {
        Seed = Options.Seed,
        Hash = Scheduler.Hash,
        Steps = Scheduler.Steps,
        EventsFired = Scheduler.EventsFired,
        VirtualTime = Now,
        Violation = Violation,
        Stopped = stopped,
        Faults = new SortedDictionary<string, long>(_faults, StringComparer.Ordinal),
        Probes = Probes.Snapshot(),
        Counters = new SortedDictionary<string, long>(_counters, StringComparer.Ordinal),
        Checkpoints = Trace.Checkpoints,
    };
}
