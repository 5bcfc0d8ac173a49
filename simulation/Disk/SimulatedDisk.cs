// The disk of one machine. It outlives the machine's processes: a crash leaves what was written, power loss leaves what was flushed and whatever
// else the run's choices let through. Every call takes virtual time and takes effect at its end; every fault is a choice of the run, counted by kind and
// traced, or was asked for by the scenario (FailNext and the other members below). docs/disk-model.md says what it models and what it leaves out.

using System.Diagnostics;
using System.IO.Hashing;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

/// <summary>A machine's disk, for scenarios; its processes see an <see cref="IDisk"/>. Used on the run's thread only.</summary>
public sealed class SimulatedDisk : MachineDevice
{
    private const uint Million = 1_000_000;

    private static readonly string[] FaultNames =
    [
        "disk.read-error", "disk.write-error", "disk.failed-flush", "disk.failed-directory-flush", "disk.metadata-error", "disk.full", "disk.bit-rot",
        "disk.misdirected-write", "disk.stall",
    ];

    private readonly Machine _machine;
    private readonly World _world;
    private readonly ChoiceSite[] _faultSites;
    private readonly ChoiceSite _latencySite;
    private readonly ChoiceSite _slowSite;
    private readonly int[] _forced = new int[FaultNames.Length];
    private readonly long[] _opportunities = new long[FaultNames.Length];
    private readonly long[] _failAt = new long[FaultNames.Length];
    private readonly List<DiskOperation> _inFlight = [];
    private long _operations;
    private long _fullUntilTicks;
    private long _stalledUntilTicks;

    internal SimulatedDisk(Machine machine, DiskFaultOptions faults)
    {
        Invariant.Check(FaultNames.Length == Enum.GetValues<DiskFaultKind>().Length, "every kind of fault has a name");
        _machine = machine;
        _world = machine.World;
        _faultSites = Array.ConvertAll(FaultNames, _world.Site);
        _latencySite = _world.Site("disk.latency");
        _slowSite = _world.Site("disk.slow");
        Choose = (what, bound) => bound == 1 ? 0 : _world.Choose(_world.Site(what), _machine, bound);
        Faults = faults;
    }

    /// <summary>How it behaves from now on. Validated when set.</summary>
    public DiskFaultOptions Faults
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            field = value;
            Image.CapacityBytes = value.CapacityBytes;
        }
    }

    /// <summary>Bytes that files hold, in whole pages.</summary>
    public long BytesUsed => Image.BytesUsed;

    /// <summary>True until the time of <see cref="FillFor"/>, or of a <see cref="DiskFaultKind.Full"/>, is over.</summary>
    public bool IsFull => _world.Scheduler.NowTicks < _fullUntilTicks;

    /// <summary>Grows whenever a call that may change something begins or takes effect: while it stays, a snapshot would be the same as the one before.</summary>
    public long Changes { get; private set; }

    /// <summary>Called before each operation takes effect, while it is still in flight.</summary>
    public Action? OperationLanding { get; set; }

    internal DiskImage Image { get; private set; } = new();

    /// <summary>A choice of the run for this machine. With a bound of 1 there is nothing to choose.</summary>
    internal DiskChooser Choose { get; }

    /// <summary>Lets the next operations that can suffer this fault suffer it.</summary>
    public void FailNext(DiskFaultKind kind, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _forced[(int)kind] += count;
    }

    /// <summary>Lets the <paramref name="nth"/> operation that can suffer this fault, counted from the run's start, suffer it.</summary>
    public void FailAt(DiskFaultKind kind, long nth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(nth, _opportunities[(int)kind]);
        _failAt[(int)kind] = nth;
    }

    /// <summary>How many operations so far could have suffered this fault.</summary>
    public long OpportunitiesOf(DiskFaultKind kind) => _opportunities[(int)kind];

    /// <summary>The disk as it is now, with the calls in flight. Later changes do not touch it.</summary>
    public DiskSnapshot TakeSnapshot()
    {
        _inFlight.Sort(ByNumber);
        var changes = new List<InFlightChange>();
        DiskImage image = Image.Fork(out DiskCopies copies);
        for (int place = 0; place < _inFlight.Count; place++)
        {
            _inFlight[place].Place = place;
            if (_inFlight[place].Change(copies) is { } change)
            {
                changes.Add(change);
            }
        }

        return new DiskSnapshot(image, changes);
    }

    /// <summary>Puts another disk, as it was then, in the place of this one. The machine must be off.</summary>
    public void Load(DiskSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Invariant.Check(!_machine.IsOn && _inFlight.Count == 0, "a disk is exchanged while its machine is off");
        Image = snapshot.Image.Fork(out _);
        Image.CapacityBytes = Faults.CapacityBytes;
        Image.IsFull = IsFull;
    }

    /// <summary>Lets nothing that needs space succeed for some time. Zero ends it.</summary>
    public void FillFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(time.Ticks, nameof(time));
        _fullUntilTicks = _world.Scheduler.NowTicks + time.Ticks;
        Image.IsFull = IsFull;
        if (IsFull)
        {
            Report(DiskFaultKind.Full, string.Empty);
        }
    }

    /// <summary>Lets every operation that begins within this time hang until it is over.</summary>
    public void StallFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        _stalledUntilTicks = Math.Max(_stalledUntilTicks, _world.Scheduler.NowTicks + time.Ticks);
        Report(DiskFaultKind.Stall, string.Empty);
    }

    /// <summary>Takes back every fault that was asked for and still lies ahead, and heals what lasts. Lost and rotten bytes stay so.</summary>
    public void Heal()
    {
        Array.Clear(_forced);
        Array.Clear(_failAt);
        _fullUntilTicks = 0;
        _stalledUntilTicks = 0;
        Image.IsFull = false;
        Faults = DiskFaultOptions.None with { CapacityBytes = Faults.CapacityBytes, PowerLoss = Faults.PowerLoss };
    }

    /// <summary>Flips a bit of a file's durable bytes. False when there is no such file, or the byte is not on the device.</summary>
    public bool FlipBit(string path, long offset, int bit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        bool flipped = Image.Find(path)?.FlipBit(offset, bit) ?? false;
        if (flipped)
        {
            Report(DiskFaultKind.BitRot, path);
        }

        return flipped;
    }

    /// <summary>Paths of all files, in ordinal order within each folder.</summary>
    public IReadOnlyList<string> Files() => Image.Files().ConvertAll(static file => file.Path);

    /// <summary>What a reader would see of a file now; null when there is none.</summary>
    public byte[]? Peek(string path)
    {
        if (Image.Find(path) is not { } inode)
        {
            return null;
        }

        byte[] bytes = new byte[inode.Visible.Length];
        inode.Visible.Read(0, bytes);
        return bytes;
    }

    internal IDisk OpenFor(Incarnation process) => new ProcessDisk(this, process);

    internal ValueTask<T> BeginAsync<T>(Incarnation process, DiskOperationWithAnswer<T> operation, DiskLatency latency)
    {
        if (!_world.Scheduler.IsOwnerThread)
        {
            _world.ReportEscape($"the disk of {_machine.Name} was used on another thread", new StackTrace(fNeedFileInfo: true));
        }

        Invariant.Check(process.IsAlive, "a process that has ended uses no disk");
        operation.Place = _inFlight.Count;
        operation.Number = ++_operations;
        _inFlight.Add(operation);
        Changes += operation.OnlyReads ? 0 : 1;
        _world.Scheduler.Schedule(operation, Duration(latency));
        return operation.Answer;
    }

    internal void Landed(DiskOperation operation)
    {
        Changes += operation.OnlyReads ? 0 : 1;
        DiskOperation last = _inFlight[^1];
        _inFlight[operation.Place] = last;
        last.Place = operation.Place;
        _inFlight.RemoveAt(_inFlight.Count - 1);
        Image.IsFull = IsFull;
    }

    /// <summary>True when the fault strikes now, by chance or because it was asked for. It is counted and traced here.</summary>
    internal bool Strikes(DiskFaultKind kind, string path)
    {
        if (++_opportunities[(int)kind] == _failAt[(int)kind])
        {
            _failAt[(int)kind] = 0;
        }
        else if (_forced[(int)kind] > 0)
        {
            _forced[(int)kind]--;
        }
        else if (!Chance(_faultSites[(int)kind], Faults.PartsPerMillion(kind)))
        {
            return false;
        }

        Report(kind, path);
        return true;
    }

    internal void FillIfStruck(string path)
    {
        if (Strikes(DiskFaultKind.Full, path))
        {
            _fullUntilTicks = _world.Scheduler.NowTicks + Faults.FullTime.Ticks;
            Image.IsFull = true;
        }
    }

    /// <summary>Called when something begins to be read, with a token that is not cancelled.</summary>
    internal void CheckStopIsHeard(string path, CancellationToken cancellationToken)
    {
        if (_machine.StopsAreHeard && _world.Scheduler.Current is { } task && (!cancellationToken.CanBeCanceled || task.Stopping.IsCancellationRequested))
        {
            _world.ReportUnheard(task, path);
        }
    }

    internal void Emit(TraceKind kind, long first, long second, string path) =>
        _world.Trace.Emit(kind, _machine, first, second, _world.Trace.IsRecording ? path : null);

    internal void EmitWrite(long offset, ReadOnlySpan<byte> bytes, string path)
    {
        // What was written is part of the run's hash, so that a difference in content is found where it arises.
        _world.Scheduler.Fold(XxHash3.HashToUInt64(bytes));
        Emit(TraceKind.Write, offset, bytes.Length, path);
    }

    /// <inheritdoc/>
    protected internal override void ProcessEnded(Incarnation process, ProcessExit exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        DiskChooser choose = ChooserOfLoss();
        _inFlight.Sort(ByNumber);
        foreach (DiskOperation operation in _inFlight)
        {
            _world.Scheduler.Cancel(operation);
            operation.Change(copies: null)?.Orphaned(Image, copies: null, choose);
        }

        _inFlight.Clear();
        if (exit.Kind == ProcessExitKind.PowerLost)
        {
            LosePower(choose);
        }
        else
        {
            Image.EndProcess();
        }
    }

    /// <inheritdoc/>
    protected internal override void PowerLost(Machine machine) => LosePower(ChooserOfLoss());

    /// <inheritdoc/>
    protected internal override void Wiped(Machine machine)
    {
        Image = new DiskImage { CapacityBytes = Faults.CapacityBytes, IsFull = IsFull };
    }

    private static int ByNumber(DiskOperation left, DiskOperation right) => left.Number.CompareTo(right.Number);

    private static uint LoseAll(string what, uint bound) => what is "disk.loss.file" or "disk.loss.length" ? 1 : what == "disk.loss.names" ? bound - 1 : 0;

    private static uint LoseNothing(string what, uint bound) => 0;

    // The high values strike: a choice that shrinks towards zero removes its fault.
    private bool Chance(ChoiceSite site, int partsPerMillion) =>
        partsPerMillion > 0 && _world.Choose(site, _machine, Million) >= Million - (uint)partsPerMillion;

    private DiskChooser ChooserOfLoss() => Faults.PowerLoss switch
    {
        PowerLossPolicy.LosesAll => LoseAll,
        PowerLossPolicy.LosesNothing => LoseNothing,
        _ => Choose,
    };

    private void LosePower(DiskChooser choose)
    {
        DiskLoss loss = Image.LosePower(choose);
        CountIf(loss.Names > 0, "disk.lost-names");
        CountIf(loss.Changes > 0, "disk.lost-writes");
        CountIf(loss.Torn > 0, "disk.torn-write");
        Emit(TraceKind.DiskLoss, loss.Changes + loss.Torn, loss.Names, "power loss");
    }

    private void CountIf(bool happened, string fault)
    {
        if (happened)
        {
            _world.CountFault(fault);
        }
    }

    private void Report(DiskFaultKind kind, string path)
    {
        _world.CountFault(FaultNames[(int)kind]);
        _world.Trace.Emit(TraceKind.Fault, _machine, (long)kind, 0, _world.Trace.IsRecording ? $"{FaultNames[(int)kind]} {path}" : null);
    }

    private long Duration(DiskLatency latency)
    {
        long ticks = Draw(latency.Min, latency.OrdinarySpread);
        if (Chance(_slowSite, latency.SlowPartsPerMillion))
        {
            ticks = Draw(latency.Mean, latency.SlowSpread);
            _world.CountFault("disk.slow");
        }

        if (Strikes(DiskFaultKind.Stall, string.Empty))
        {
            long stall = 1 + _world.Choose(_world.Site("disk.stall.time"), _machine, (uint)Faults.StallTimeMax.Ticks);
            _stalledUntilTicks = Math.Max(_stalledUntilTicks, _world.Scheduler.NowTicks + stall);
        }

        return Math.Max(ticks, _stalledUntilTicks - _world.Scheduler.NowTicks);
    }

    private long Draw(TimeSpan from, uint spread) =>
        from.Ticks + (spread == 1 ? 0 : _world.Choose(_latencySite, _machine, spread));
}
