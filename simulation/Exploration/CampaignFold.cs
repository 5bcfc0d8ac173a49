// Counts runs in the order of their seeds, not in the order in which they end, and counts none behind a violation that ends the campaign: so the report of a
// range of seeds does not depend on the number of threads or their speed.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>The counting of a campaign. Not thread-safe.</summary>
internal sealed class CampaignFold(IScenario scenario, ExplorerOptions options)
{
    private readonly SortedDictionary<ulong, RunDigest> _pending = [];
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FaultCount> _faults = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ProbeCount> _probes = new(StringComparer.Ordinal);
    private readonly Dictionary<(ViolationClass Class, string Name), ViolationGroup> _groups = [];
    private ulong _next = options.FromSeed;
    private ulong _hash;
    private long _runs;
    private long _runsTwice;
    private long _unfinished;
    private long _steps;
    private long _repeatedSteps;
    private long _eventsFired;
    private TimeSpan _virtualTime;

    /// <summary>True when a violation has ended the campaign; later seeds do not count.</summary>
    public bool Ended { get; private set; }

    /// <summary>How many runs wait for one of a smaller seed.</summary>
    public int Pending => _pending.Count;

    public void Add(RunDigest run)
    {
        _pending.Add(run.Seed, run);
        while (_pending.Remove(_next, out RunDigest? next))
        {
            _next++;
            Count(next);
        }
    }

    /// <summary>Counts what still waits; seeds that never ended are left out.</summary>
    public void Finish()
    {
        foreach (RunDigest run in _pending.Values)
        {
            Count(run);
        }

        _pending.Clear();
    }

    public CampaignReport Report(TimeSpan wallTime, TimeSpan cpuTime, bool interrupted) => new()
    {
        Scenario = scenario.Name,
        Profile = options.Profile,
        FromSeed = options.FromSeed,
        Runs = _runs,
        RunsTwice = _runsTwice,
        Unfinished = _unfinished,
        Steps = _steps,
        RepeatedSteps = _repeatedSteps,
        EventsFired = _eventsFired,
        VirtualTime = _virtualTime,
        WallTime = wallTime,
        CpuTime = cpuTime,
        Counters = new SortedDictionary<string, long>(_counters, StringComparer.Ordinal),
        Faults = new SortedDictionary<string, FaultCount>(_faults, StringComparer.Ordinal),
        Probes = new SortedDictionary<string, ProbeCount>(_probes, StringComparer.Ordinal),
        RequiredProbesMissed =
            [.. scenario.RequiredProbes.Where(name => !_probes.TryGetValue(name, out ProbeCount count) || count.Hits == 0).Order(StringComparer.Ordinal)],
        Violations = [.. _groups.Values.OrderBy(group => group.FirstSeed).ThenBy(group => group.First.Name, StringComparer.Ordinal)],
        Interrupted = interrupted,
        Hash = _hash,
    };

    private void Count(RunDigest run)
    {
        if (Ended)
        {
            return;
        }

        if (run.Unfinished)
        {
            _unfinished++;
            return;
        }

        _runs++;
        _hash = StableHash.Combine(_hash ^ run.Seed, run.Result?.Hash ?? 0);
        if (run.RepeatedSteps >= 0)
        {
            _runsTwice++;
            _repeatedSteps += run.RepeatedSteps;
        }

        if (run.Result is { } result)
        {
            CountResult(result);
        }

        if (run.Violation is { } violation)
        {
            CountViolation(run, violation);
        }
    }

    private void CountResult(RunResult result)
    {
        _steps += result.Steps;
        _eventsFired += result.EventsFired;
        _virtualTime += result.VirtualTime;
        foreach ((string name, long count) in result.Counters)
        {
            _counters[name] = _counters.GetValueOrDefault(name) + count;
        }

        foreach ((string kind, long count) in result.Faults)
        {
            FaultCount sum = _faults.GetValueOrDefault(kind);
            _faults[kind] = new FaultCount(sum.Total + count, sum.Runs + (count > 0 ? 1 : 0));
        }

        foreach ((string name, ProbeCount count) in result.Probes)
        {
            ProbeCount sum = _probes.GetValueOrDefault(name);
            _probes[name] = new ProbeCount(count.Kind, sum.Evaluations + count.Evaluations, sum.Hits + count.Hits);
        }
    }

    private void CountViolation(RunDigest run, Violation violation)
    {
        (ViolationClass Class, string Name) key = (violation.Class, violation.Name);
        _groups[key] = _groups.TryGetValue(key, out ViolationGroup? group)
            ? group with { Runs = group.Runs + 1 }
            : new ViolationGroup
            {
                FirstSeed = run.Seed,
                First = violation,
                Options = run.Options,
                Hash = run.Result?.Hash ?? 0,
                Runs = 1,
                CanRunAgain = run.Result is not null,
            };
        Ended = !options.KeepGoing;
    }
}
