// A run of a storage scenario is many small worlds, one after the other: a recording, then a recovery for each survivor of each crash point. This counts them
// together: their steps, faults and probes add up, their hashes fold into one, and the first violation ends the series. Each world's choices come
// from a seed derived of the run's and of its number, so the run as a whole stays a function of the choices that its plan was drawn from.

using SimGraph.Runtime;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Inputs;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Storage;

/// <summary>Runs worlds and adds up what they did.</summary>
/// <param name="request">What is to be seen of the run.</param>
/// <param name="seed">Seeds of the worlds are derived from it.</param>
/// <param name="chancePoints">Whether chance points in the code fire.</param>
/// <param name="isShown">Which worlds those who listen hear of, by number.</param>
internal sealed class WorldSeries(ScenarioRequest request, ulong seed, bool chancePoints, Func<long, bool> isShown)
{
    private const string MachineName = "storage";

    // A run is many worlds that know nothing of each other: this many faults lie on the way to its violation.
    private const string FaultsToViolation = "storage.faults-to-violation";
    private static readonly TimeSpan VirtualTimeMax = TimeSpan.FromHours(1);
    private readonly SortedDictionary<string, long> _faults = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ProbeCount> _probes = new(StringComparer.Ordinal);
    private readonly List<HashCheckpoint> _checkpoints = [];
    private ulong _hash;
    private long _steps;
    private long _eventsFired;
    private TimeSpan _virtualTime;
    private bool _stopped;
    private int _lives;

    /// <summary>How many worlds there were.</summary>
    public long Worlds { get; private set; }

    /// <summary>Number of the newest world in which the workload ran; all others look at what it left.</summary>
    public long LastWorkload { get; private set; }

    /// <summary>Faults of the newest world.</summary>
    public long LastFaults { get; private set; }

    /// <summary>The first violation.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>True when no further world runs: something was violated, or the run is given up.</summary>
    public bool HasEnded => Violation is not null || _stopped;

    /// <summary>Adds to a counter.</summary>
    public void Count(string counter, long by = 1) => _counters[counter] = _counters.GetValueOrDefault(counter) + by;

    /// <summary>Marks something that a campaign must reach.</summary>
    public void Reached(string probe) => AddProbe(probe, new ProbeCount(ProbeKind.Reachable, 1, 1));

    /// <summary>Runs a world with one machine on a disk.</summary>
    /// <param name="setting">Disk, faults, program, and what becomes of it.</param>
    /// <param name="context">Says, for the report of a violation, which world this is and what the plan was.</param>
    /// <returns>False when the series has ended.</returns>
    public bool Run(WorldSetting setting, Func<string> context)
    {
        if (HasEnded || request.Abort.IsCancellationRequested || _steps >= request.StopAtStep)
        {
            _stopped |= Violation is null;
            return false;
        }

        long number = Worlds++;
        LastWorkload = setting.Script is null ? LastWorkload : number;
        var world = new World(new WorldOptions
        {
            Seed = Seeds.Derive(seed, (ulong)number),
            ChancePoints = chancePoints,
            VirtualTimeMax = VirtualTimeMax,
            Coverage = request.Coverage,
            CaptureStacks = request.CaptureStacks,
            TraceListener = TraceListenerOf(number),
            InputListener = setting.Script is not null || isShown(number) ? InputListener() : null,
            StopAtStep = request.StopAtStep == long.MaxValue ? long.MaxValue : request.StopAtStep - _steps,
            BreakAtStep = request.BreakAtStep == long.MaxValue ? long.MaxValue : Math.Max(0, request.BreakAtStep - _steps),
            Abort = request.Abort,
        });
        RunResult result = world.Run((_, harness) => RunMachineAsync(world, harness, setting));
        Add(result, setting, context);
        return !HasEnded;
    }

    /// <summary>What all of them did.</summary>
    public RunResult Result() => new()
    {
        Seed = request.Seed,
        Hash = _hash,
        Steps = _steps,
        EventsFired = _eventsFired,
        VirtualTime = _virtualTime,
        Violation = Violation,
        Stopped = _stopped,
        Faults = _faults,
        Probes = _probes,
        Counters = _counters,
        Checkpoints = _checkpoints,
    };

    private static async Task RunMachineAsync(World world, IPlatform harness, WorldSetting setting)
    {
        Machine machine = world.AddMachine(MachineName, new MachineOptions { Disk = setting.Faults, StopsAreHeard = true });
        machine.Disk.Load(setting.Disk);
        machine.ExpectsFailure = exception =>
        {
            if (exception is StorageViolationException violation)
            {
                world.Fail(ViolationClass.Safety, violation.ViolationName, violation.Message);
            }

            return exception is StorageViolationException;
        };
        Incarnation process = machine.Boot(setting.Program);
        if (setting.Script is { } script)
        {
            await script(world, machine, harness);
        }
        else
        {
            await process.Exited;
        }
    }

    private Action<TraceRecord>? TraceListenerOf(long number)
    {
        if (request.TraceListener is not { } listener || !isShown(number))
        {
            return null;
        }

        long steps = _steps;
        TimeSpan time = _virtualTime;
        return record => listener(record with { Step = steps + record.Step, At = time + record.At });
    }

    // Of every world in which the workload runs: what damaged the disk may be any of them.
    private Action<RecordedInput>? InputListener()
    {
        if (request.InputListener is not { } listener)
        {
            return null;
        }

        long steps = _steps;
        TimeSpan time = _virtualTime;
        int lives = _lives;
        return input =>
        {
            _lives = Math.Max(_lives, lives + input.Life);
            listener(input with { Life = lives + input.Life, Step = steps + input.Step, At = time + input.At });
        };
    }

    private void Add(RunResult result, WorldSetting setting, Func<string> context)
    {
        LastFaults = result.Faults.Values.Sum();
        if (result.Violation is { } violation)
        {
            Violation = violation with { Message = $"{violation.Message}\n{context()}", Step = _steps + violation.Step, At = _virtualTime + violation.At };
            Count(FaultsToViolation, setting.FaultsBefore + LastFaults);
        }

        _stopped |= result.Stopped;
        _steps += result.Steps;
        _eventsFired += result.EventsFired;
        _virtualTime += result.VirtualTime;
        _hash = Seeds.Derive(_hash, result.Hash);
        if ((Worlds & (Worlds - 1)) == 0 || Worlds % 64 == 0)
        {
            _checkpoints.Add(new HashCheckpoint(_steps, _hash));
        }

        foreach ((string fault, long count) in result.Faults)
        {
            _faults[fault] = _faults.GetValueOrDefault(fault) + count;
        }

        foreach ((string counter, long count) in result.Counters)
        {
            Count(counter, count);
        }

        foreach ((string probe, ProbeCount count) in result.Probes)
        {
            AddProbe(probe, count);
        }
    }

    private void AddProbe(string name, ProbeCount count) => _probes[name] = _probes.TryGetValue(name, out ProbeCount known)
        ? known with { Evaluations = known.Evaluations + count.Evaluations, Hits = known.Hits + count.Hits }
        : count;
}
