// Makes a failing run smaller: takes the first of its smaller neighbours that still fails in the same way, and goes on from there, until none does (delta debugging, Zeller and Hildebrandt 2002, over
// plans instead of lines). Candidates are tried in a fixed order and the first good one in that order wins, whatever thread is done first: the result does not depend on the number of
// threads, unless the time runs out.

using System.Collections.Immutable;
using System.Diagnostics;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Shrinks one failure. Runs once.</summary>
public sealed class Shrinker
{
    private const int StepsFactor = 2;
    private const long StepsLeast = 5_000;
    private const ulong SeedsMax = 16;

    private readonly IPlannedScenario _scenario;
    private readonly ShrinkOptions _options;
    private readonly Stopwatch _clock = new();
    private FailingCase _smallest;
    private ScenarioOutcome? _first;
    private SameFailure? _same;
    private ScenarioOutcome? _last;
    private long _fewestSteps;
    private long _candidates;
    private long _accepted;

    /// <param name="scenario">What the case is a run of.</param>
    /// <param name="failing">The run that fails.</param>
    /// <param name="options">Validated here.</param>
    public Shrinker(IPlannedScenario scenario, FailingCase failing, ShrinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(failing);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _scenario = scenario;
        _options = options;
        _smallest = failing;
    }

    /// <summary>Told of every smaller case, on the calling thread: how it fails, cases tried, cases accepted.</summary>
    public Action<ScenarioOutcome, long, long>? Progress { get; init; }

    private bool IsOver => _clock.Elapsed >= _options.Time;

    /// <summary>Shrinks, on the calling thread and others, until nothing is left to try or the time is up. Cancelling ends it with what it has.</summary>
    /// <returns>Null when the case does not fail.</returns>
    public ShrinkReport? Run(CancellationToken cancellation)
    {
        if (_clock.IsRunning)
        {
            throw new InvalidOperationException("a shrinker runs once");
        }

        _clock.Start();
        _first = _last = _scenario.Run(new ScenarioRequest { Seed = _smallest.Seed, Choices = _smallest.CreateChoices(), Abort = cancellation }, _smallest.Plan);
        if (_first.Result.Violation is not { } wanted)
        {
            return null;
        }

        _same = new SameFailure(_scenario, wanted, cancellation);
        _fewestSteps = _first.Result.Steps;
        bool isFinished = false;
        while (!isFinished && !IsOver && !cancellation.IsCancellationRequested)
        {
            isFinished = !TryRound(cancellation);
        }

        // Once, and last: a rounder number may be a larger one, so it could go on for ever with the passes before.
        TryAll(Readable, cancellation);

        return new ShrinkReport(_smallest, _first, _last, _candidates, _accepted, _clock.Elapsed, isFinished && !IsOver && !cancellation.IsCancellationRequested);
    }

    /// <summary>Tries everything once, one kind of edit after the other. False when nothing got smaller.</summary>
    private bool TryRound(CancellationToken cancellation)
    {
        long before = _accepted;
        foreach (Func<IEnumerable<(string Key, FailingCase Case)>> pass in (Func<IEnumerable<(string Key, FailingCase Case)>>[])[Less, Plainer, Reseeded, Fixed])
        {
            TryAll(pass, cancellation);
        }

        return _accepted > before;
    }

    private void TryAll(Func<IEnumerable<(string Key, FailingCase Case)>> pass, CancellationToken cancellation)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        while (!IsOver && !cancellation.IsCancellationRequested && TryNext(pass, tried, cancellation))
        {
        }
    }

    /// <summary>Takes the first smaller neighbour that fails in the same way and has not been tried in this pass.</summary>
    private bool TryNext(Func<IEnumerable<(string Key, FailingCase Case)>> pass, HashSet<string> tried, CancellationToken cancellation)
    {
        var batch = new List<(string Key, FailingCase Case)>();
        foreach ((string key, FailingCase neighbour) in pass())
        {
            if (tried.Contains(key))
            {
                continue;
            }

            batch.Add((key, neighbour));
            if (batch.Count == _options.Jobs)
            {
                if (TryBatch(batch, tried))
                {
                    return true;
                }

                if (IsOver || cancellation.IsCancellationRequested)
                {
                    return false;
                }
            }
        }

        return batch.Count > 0 && TryBatch(batch, tried);
    }

    private bool TryBatch(List<(string Key, FailingCase Case)> batch, HashSet<string> tried)
    {
        long stepsMax = Math.Max(StepsLeast, _fewestSteps * StepsFactor);
        ScenarioOutcome?[] outcomes = SideBySide.Run([.. batch.Select(candidate => (Func<ScenarioOutcome?>)(() => _same!.Find(candidate.Case, stepsMax)))], _options.Jobs);
        _candidates += batch.Count;
        for (int i = 0; i < batch.Count; i++)
        {
            tried.Add(batch[i].Key);
            if (outcomes[i] is { } outcome)
            {
                _smallest = batch[i].Case;
                _last = outcome;
                _fewestSteps = Math.Min(_fewestSteps, outcome.Result.Steps);
                _accepted++;
                Progress?.Invoke(outcome, _candidates, _accepted);
                batch.Clear();
                return true;
            }
        }

        batch.Clear();
        return false;
    }

    private IEnumerable<(string Key, FailingCase Case)> Less() => Edited(PlanEdits.ToLess(_smallest.Plan));

    private IEnumerable<(string Key, FailingCase Case)> Plainer() => Edited(PlanEdits.ToPlainer(_smallest.Plan));

    private IEnumerable<(string Key, FailingCase Case)> Readable() => Edited(PlanEdits.ToReadable(_smallest.Plan));

    private IEnumerable<(string Key, FailingCase Case)> Edited(IEnumerable<PlanEdit> edits) => edits.Select(edit => (edit.Key, _smallest with { Plan = edit.Plan }));

    /// <summary>Sites of choices with one answer each: all that are open, the halves, down to each alone.</summary>
    private IEnumerable<(string Key, FailingCase Case)> Fixed()
    {
        string[] open = OpenSites();
        foreach (FixedAnswer answer in (FixedAnswer[])[FixedAnswer.Largest, FixedAnswer.Least])
        {
            for (int length = open.Length; length >= 1; length /= 2)
            {
                for (int from = 0; from < open.Length; from += length)
                {
                    string[] some = open[from..Math.Min(from + length, open.Length)];
                    ImmutableSortedDictionary<string, FixedAnswer> more = _smallest.Fixed.AddRange(some.Select(site => KeyValuePair.Create(site, answer)));
                    yield return ($"{string.Join(' ', some)} {answer}", _smallest with { Fixed = more });
                }
            }
        }
    }

    /// <summary>Plans in which less happens, with other seeds: what one seed shows in its thousandth operation, another may show in its first.</summary>
    private IEnumerable<(string Key, FailingCase Case)> Reseeded()
    {
        foreach (PlanEdit edit in PlanEdits.ToLess(_smallest.Plan))
        {
            for (ulong seed = 1; seed <= SeedsMax; seed++)
            {
                yield return ($"{edit.Key} with seed {seed}", _smallest with { Plan = edit.Plan, Seed = seed });
            }
        }
    }

    private string[] OpenSites()
    {
        var sites = new SiteCollector(_smallest.CreateChoices());
        _scenario.Run(new ScenarioRequest { Seed = _smallest.Seed, Choices = sites }, _smallest.Plan);
        return [.. sites.Sites.Where(site => !_smallest.Fixed.ContainsKey(site))];
    }
}
