// A machine: a name, a clock that is wrong in its own way, a disk, and a life: boot, pause, resume, graceful stop, crash, power loss, wipe, restart. The
// members are for scenarios; nothing here is visible to the system under test.

using SimGraph.Runtime;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>A simulated machine. Used on the run's thread only.</summary>
public sealed class Machine
{
    private readonly SortedDictionary<string, ulong> _taskInstances = new(StringComparer.Ordinal);
    private readonly List<ReadyItem> _held = [];
    private ulong[] _ordinals = new ulong[16];
    private Func<IPlatform, CancellationToken, Task>? _program;
    private int _boots;
    private long _pausedTicks;
    private long _pausedSince;

    internal Machine(World world, int index, string name, MachineOptions options)
    {
        World = world;
        Index = index;
        Name = name;
        StopsAreHeard = options.StopsAreHeard;
        Clock = new MachineClock(world, options);
        Random = new SimulatedRandomSource(this);
        Probes = new SimulatedProbes(this);
        Disk = new SimulatedDisk(this, options.Disk);
    }

    /// <summary>Its world.</summary>
    public World World { get; }

    /// <summary>Position in the world; 0 is the harness itself.</summary>
    public int Index { get; }

    /// <summary>Name, which is also its host name on the network.</summary>
    public string Name { get; }

    /// <summary>Its clock, wall and monotonic.</summary>
    public MachineClock Clock { get; }

    /// <summary>Its disk, which outlives its processes.</summary>
    public SimulatedDisk Disk { get; }

    /// <summary>The running process; null when the machine is off.</summary>
    public Incarnation? Process { get; private set; }

    /// <summary>True while a process runs (also when paused).</summary>
    public bool IsOn => Process is not null;

    /// <summary>True between <see cref="Pause"/> and <see cref="Resume"/>.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How long it has been paused since the run began, in ticks of 100 ns of virtual time.</summary>
    internal long PausedTicks => _pausedTicks + (IsPaused ? World.Scheduler.NowTicks - _pausedSince : 0);

    /// <summary>
    /// Called when a program ended by an exception. True means that the scenario expected it; otherwise it is a violation. The default expects nothing.
    /// </summary>
    public Func<Exception, bool> ExpectsFailure { get; set; } = static _ => false;

    /// <summary>
    /// Called when a task of a scope ended with an exception. True means that the scenario expected it; otherwise it is a violation.
    /// </summary>
    public Func<Exception, bool> ExpectsTaskFailure { get; set; } = static _ => false;

    internal bool StopsAreHeard { get; }

    internal SimulatedRandomSource Random { get; }

    internal SimulatedProbes Probes { get; }

    /// <summary>Starts a process with a program, which gets the platform and a token that asks it to stop and return.</summary>
    /// <exception cref="InvalidOperationException">The machine is on.</exception>
    public Incarnation Boot(Func<IPlatform, CancellationToken, Task> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (IsOn)
        {
            throw new InvalidOperationException($"machine {Name} is on already");
        }

        _program = program;
        var process = new Incarnation(this, ++_boots, _taskInstances);
        Process = process;
        World.Trace.Emit(TraceKind.Boot, this, _boots);
        foreach (MachineDevice device in World.DevicesOf(this))
        {
            device.ProcessStarted(process);
        }

        var platform = new SimulatedPlatform(process);
        SimulatedTask main = process.CreateTask("main", process.StopRequest.Token);
        LedgerEntry entry = process.Ledger.Add(LedgerKind.Task, "main");
        main.Post(static state => ((MainTask)state!).Start(), new MainTask(this, main, entry, platform, program));
        return process;
    }

    /// <summary>Boots again with the program of the last boot.</summary>
    public Incarnation Restart() => Boot(_program ?? throw new InvalidOperationException($"machine {Name} has never been booted"));

    /// <summary>
    /// Asks the program to stop and waits until it has returned; the ledger must then be empty. Ends at once if the machine is off. It is a
    /// violation (a leak) if the program has not returned within the limit.
    /// </summary>
    public async Task StopAsync(TimeSpan limit)
    {
        if (Process is not { } process)
        {
            return;
        }

        World.Trace.Emit(TraceKind.StopRequested, this);
        using var watch = new StopWatchdog(World, process, limit);
        process.CreateTask("signal", CancellationToken.None).Post(static state => ((CancellationTokenSource)state!).Cancel(), process.StopRequest);
        await process.Exited;
    }

    /// <summary>Kills the process: kill -9. Files keep what was written; connections are reset by the kernel. Does nothing when off.</summary>
    public void Crash() => EndProcess(new ProcessExit(ProcessExitKind.Crashed), TraceKind.Crash);

    /// <summary>
    /// Cuts the power, whether a process runs or has ended. What was not flushed is at the mercy of the disk model; peers see silence.
    /// </summary>
    public void PowerLoss()
    {
        if (IsOn)
        {
            EndProcess(new ProcessExit(ProcessExitKind.PowerLost), TraceKind.PowerLoss);
            return;
        }

        World.Trace.Emit(TraceKind.PowerLoss, this);
        foreach (MachineDevice device in World.DevicesOf(this))
        {
            device.PowerLost(this);
        }
    }

    /// <summary>Stops the process from running while time goes on, as SIGSTOP does.</summary>
    public void Pause()
    {
        if (!IsOn || IsPaused)
        {
            return;
        }

        IsPaused = true;
        _pausedSince = World.Scheduler.NowTicks;
        World.Trace.Emit(TraceKind.Pause, this);
        NotifyPause();
    }

    /// <summary>Ends a pause.</summary>
    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        EndPause();
        World.Trace.Emit(TraceKind.Resume, this);
        foreach (ReadyItem item in _held)
        {
            World.Scheduler.Requeue(in item);
        }

        _held.Clear();
        Process?.Clock.FireHeldTimers();
        NotifyPause();
    }

    /// <summary>Gives the machine, which must be off, a new and empty disk.</summary>
    public void Wipe()
    {
        if (IsOn)
        {
            throw new InvalidOperationException($"machine {Name} is on: it cannot be wiped");
        }

        World.Trace.Emit(TraceKind.Wipe, this);
        foreach (MachineDevice device in World.DevicesOf(this))
        {
            device.Wiped(this);
        }
    }

    internal void Hold(in ReadyItem item) => _held.Add(item);

    internal ulong NextOrdinal(ChoiceSite site)
    {
        if (site.Index >= _ordinals.Length)
        {
            Array.Resize(ref _ordinals, Math.Max(site.Index + 1, _ordinals.Length * 2));
        }

        return _ordinals[site.Index]++;
    }

    /// <summary>The main task has ended: the process exits with it.</summary>
    internal void MainEnded(Incarnation process, Exception? failure)
    {
        if (failure is null)
        {
            if (process.Ledger.Count > 0)
            {
                ViolationClass violationClass = this == World.Harness ? ViolationClass.Harness : ViolationClass.Leak;
                World.Fail(violationClass, "leak.outlived-stop", $"{Name} stopped, but still alive: {Describe(process.Ledger)}");
            }

            EndProcess(new ProcessExit(ProcessExitKind.Returned), TraceKind.Exit);
            if (this == World.Harness)
            {
                World.Scheduler.Halt();
            }

            return;
        }

        if (!ExpectsFailure(failure))
        {
            World.Fail(ViolationClass.Unhandled, $"unhandled.{failure.GetType().Name}", $"the program of {Name} failed: {failure}");
        }

        EndProcess(new ProcessExit(ProcessExitKind.Failed, failure), TraceKind.Abort);
    }

    internal static string Describe(Ledger ledger)
    {
        IReadOnlyList<LedgerEntry> entries = ledger.Snapshot();
        string text = string.Join("; ", entries.Take(10));
        return entries.Count > 10 ? $"{text}; and {entries.Count - 10} more" : text;
    }

    private void EndProcess(ProcessExit exit, TraceKind kind)
    {
        if (Process is not { } process)
        {
            return;
        }

        World.Trace.Emit(kind, this, process.Number, text: exit.Failure?.Message);
        Process = null;
        EndPause();
        _held.Clear();
        process.End(exit);
        foreach (MachineDevice device in World.DevicesOf(this))
        {
            device.ProcessEnded(process, exit);
        }
    }

    private void EndPause()
    {
        _pausedTicks = PausedTicks;
        IsPaused = false;
    }

    private void NotifyPause()
    {
        foreach (MachineDevice device in World.DevicesOf(this))
        {
            device.PauseChanged(this, IsPaused);
        }
    }
}
