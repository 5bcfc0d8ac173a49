// Exploration that learns: a run that shows a pair of places, or shows one more often, that no run showed before is kept, and variants of it are run: the same plan with another seed, or crossed with
// another plan. Runs are made in batches whose candidates depend only on what was counted before, and are counted in their order: so the result of a number of runs does not depend on the number of threads.

using System.Diagnostics;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>A guided campaign over a scenario that has plans. Runs once.</summary>
public sealed class GuidedCampaign
{
    private const int BatchLength = 32;
    private const ulong VariantSalt = 0x677569646564;

    private readonly IPlannedScenario _scenario;
    private readonly GuidedOptions _options;
    private readonly GuidedCorpus _corpus = new();
    private readonly PairCensus _census = new();
    private readonly HashSet<ushort> _pairs = [];
    private readonly HashSet<int> _levels = [];
    private readonly List<GuidedFinding> _findings = [];
    private readonly Stopwatch _clock = new();
    private long _created;
    private long _fresh;
    private long _runs;
    private long _steps;
    private long _lastNew;
    private ulong _hash;

    /// <param name="scenario">What to run.</param>
    /// <param name="options">Validated here.</param>
    public GuidedCampaign(IPlannedScenario scenario, GuidedOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _scenario = scenario;
        _options = options;
    }

    /// <summary>Told after every batch, on the calling thread: runs, pairs, runs that are kept.</summary>
    public Action<long, int, int>? Progress { get; init; }

    private bool IsFlat => _options.FlatRuns is { } flat && _runs - _lastNew >= flat;

    private bool HasEnded => (_findings.Count > 0 && !_options.KeepGoing) || IsFlat || _runs >= (_options.Runs ?? long.MaxValue);

    /// <summary>Runs until a limit or a violation. Cancelling ends it soon, with a report of what was done.</summary>
    public GuidedReport Run(CancellationToken cancellation)
    {
        if (_clock.IsRunning)
        {
            throw new InvalidOperationException("a campaign runs once");
        }

        _clock.Start();
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        while (!HasEnded && !cancellation.IsCancellationRequested && _clock.Elapsed < (_options.Time ?? TimeSpan.MaxValue))
        {
            GuidedCandidate[] batch = [.. Enumerable.Range(0, BatchLength).Select(_ => Next())];
            (RunDigest Run, Coverage Shown)[] results = SideBySide.Run([.. batch.Select(candidate => (Func<(RunDigest, Coverage)>)(() => RunOnce(candidate, cancellation)))], _options.Jobs);
            for (int i = 0; i < batch.Length && !HasEnded; i++)
            {
                Count(batch[i], results[i].Run, results[i].Shown);
            }

            Progress?.Invoke(_runs, _pairs.Count, _corpus.Count);
        }

        TimeSpan cpuTime = Environment.CpuUsage.TotalTime - cpuBefore;
        return Report(cpuTime, cancellation);
    }

    private GuidedCandidate Next()
    {
        var draws = new PlanChoices(new SeededChoices(Seeds.Derive(_options.FromSeed ^ VariantSalt, (ulong)_created++)));
        return _corpus.Count == 0 || draws.Draw("fresh", 100) < _options.FreshPercent
            ? new GuidedCandidate(Fresh(_options.FromSeed + (ulong)_fresh++), IsFresh: true)
            : new GuidedCandidate(Variant(_corpus.Choose(draws), draws), IsFresh: false);
    }

    private FailingCase Fresh(ulong seed) => FailingCase.Of(seed, _scenario.Plan(new ScenarioRequest { Seed = seed, Profile = _options.Profile }));

    private FailingCase Variant(FailingCase kept, PlanChoices draws)
    {
        ulong seed = Seeds.Derive(_options.FromSeed, (ulong)_created);
        return draws.Draw("variant", 3) switch
        {
            0 => kept with { Seed = seed },
            1 => kept with { Plan = PlanCrossing.Cross(kept.Plan, Fresh(seed).Plan, draws) },
            _ => kept with { Seed = seed, Plan = PlanCrossing.Cross(kept.Plan, _corpus.Choose(draws).Plan, draws) },
        };
    }

    private (RunDigest Run, Coverage Shown) RunOnce(GuidedCandidate candidate, CancellationToken cancellation)
    {
        var shown = new Coverage();
        var digest = new RunDigest { Seed = candidate.Case.Seed };
        try
        {
            ScenarioOutcome outcome = _scenario.Run(
                new ScenarioRequest { Seed = candidate.Case.Seed, Profile = _options.Profile, Choices = candidate.Case.CreateChoices(), Coverage = shown, Abort = cancellation },
                candidate.Case.Plan);
            return (digest with { Result = outcome.Result, Violation = outcome.Result.Violation, Unfinished = outcome.Result.Stopped }, shown);
        }
#pragma warning disable CA1031 // A scenario that throws is a finding about the harness; the campaign reports it with its run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (digest with { Violation = SeedRunner.Thrown(exception) }, shown);
        }
    }

    private void Count(GuidedCandidate candidate, RunDigest run, Coverage shown)
    {
        if (run.Unfinished)
        {
            return;
        }

        _runs++;
        _steps += run.Result?.Steps ?? 0;
        _hash = StableHash.Combine(_hash, run.Result?.Hash ?? 0);
        if (candidate.IsFresh)
        {
            _census.Add(shown.Pairs);
        }

        int pairsBefore = _pairs.Count;
        int levelsBefore = _levels.Count;
        _pairs.UnionWith(shown.Pairs);
        _levels.UnionWith(shown.Levels);
        bool isNewPair = _pairs.Count > pairsBefore;
        bool isNewLevel = _levels.Count > levelsBefore;
        _lastNew = isNewPair ? _runs : _lastNew;
        if (run.Violation is { } violation)
        {
            CountViolation(candidate, run, violation);
        }
        else if (isNewPair || isNewLevel)
        {
            _corpus.Add(candidate.Case);
        }
    }

    private void CountViolation(GuidedCandidate candidate, RunDigest run, Violation violation)
    {
        int known = _findings.FindIndex(finding => finding.First.Class == violation.Class && finding.First.Name == violation.Name);
        if (known >= 0)
        {
            _findings[known] = _findings[known] with { Runs = _findings[known].Runs + 1 };
            return;
        }

        (string? path, string? problem) = run.Result is null ? (null, "the run has no end that could be recorded") : Save(candidate.Case);
        _findings.Add(new GuidedFinding(violation, candidate.Case, candidate.IsFresh, _runs, Runs: 1, path, problem));
    }

    private (string? Path, string? Problem) Save(FailingCase failing)
    {
        if (_options.ArtifactFolder is not { } folder)
        {
            return (null, null);
        }

        try
        {
            RunArtifact artifact = RunRecorder.Record(_scenario, failing, new ScenarioRequest { Seed = failing.Seed, Profile = _options.Profile });
            return ((artifact with { Variant = "guided" }).Save(folder), null);
        }
        catch (ArtifactException exception)
        {
            return (null, exception.Message);
        }
    }

    private GuidedReport Report(TimeSpan cpuTime, CancellationToken cancellation) => new()
    {
        Runs = _runs,
        FreshRuns = _census.Runs,
        Steps = _steps,
        Pairs = _pairs.Count,
        FreshPairs = _census.Pairs,
        Kept = _corpus.Count,
        RunsSinceNew = _runs - _lastNew,
        NewChance = _census.NewChance,
        UnseenLeast = _census.UnseenLeast,
        IsFlat = IsFlat,
        Findings = [.. _findings],
        WallTime = _clock.Elapsed,
        CpuTime = cpuTime,
        Interrupted = cancellation.IsCancellationRequested,
        Hash = _hash,
    };
}
