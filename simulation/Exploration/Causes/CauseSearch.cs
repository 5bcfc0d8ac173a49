// What a failure needs and when it was sealed, found by running it differently (docs/decisions/0013). A need: the plan without one thing, under the same seed and then under others. The moment: the
// first n choices as they were, the rest by another seed; the largest n from which one of the courses escapes is searched by bisection. The choice of courses depends on the case
// alone, so the result does not depend on the number of threads, unless the time runs out.

using System.Diagnostics;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>Looks for the cause of one failure. Runs once.</summary>
public sealed class CauseSearch
{
    private const int StepsFactor = 4;
    private const long StepsLeast = 50_000;

    private readonly IPlannedScenario _scenario;
    private readonly FailingCase _case;
    private readonly CauseOptions _options;
    private readonly Stopwatch _clock = new();
    private readonly List<CauseNeed> _needs = [];
    private readonly SortedList<long, CauseTrial> _trials = [];
    private SameFailure? _same;
    private CancellationToken _cancellation;
    private long _stepsMax;
    private long _runs;

    /// <param name="scenario">What the case is a run of.</param>
    /// <param name="failing">The run that fails.</param>
    /// <param name="options">Validated here.</param>
    public CauseSearch(IPlannedScenario scenario, FailingCase failing, CauseOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(failing);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _scenario = scenario;
        _case = failing;
        _options = options;
    }

    /// <summary>Told after every batch of runs, on the calling thread: what is looked at, and how many runs were made.</summary>
    public Action<string, long>? Progress { get; init; }

    private bool IsOver => _clock.Elapsed >= _options.Time || _cancellation.IsCancellationRequested;

    /// <summary>Searches, on the calling thread and others, until everything was tried or the time is up. Cancelling ends it with what it has.</summary>
    /// <returns>Null when the case does not fail.</returns>
    public CauseReport? Run(CancellationToken cancellation)
    {
        if (_clock.IsRunning)
        {
            throw new InvalidOperationException("a search runs once");
        }

        _clock.Start();
        _cancellation = cancellation;
        var counted = new CountedChoices(_case.CreateChoices());
        ScenarioOutcome outcome = _scenario.Run(new ScenarioRequest { Seed = _case.Seed, Choices = counted, Abort = cancellation }, _case.Plan);
        if (outcome.Result.Violation is not { } wanted)
        {
            return null;
        }

        _same = new SameFailure(_scenario, wanted, cancellation);
        _stepsMax = Math.Max(StepsLeast, outcome.Result.Steps * StepsFactor);
        long? sealing = FindSealing(counted.Count);
        FindNeeds();
        bool isFinished = !IsOver;
        return new CauseReport(outcome, counted.Count, _needs, [.. _trials.Values], sealing is { } number ? Describe(number) : null, _runs, _clock.Elapsed, isFinished);
    }

    private void FindNeeds()
    {
        foreach (PlanEdit edit in PlanEdits.Single(_case.Plan))
        {
            Progress?.Invoke(edit.Key, _runs);
            FailingCase without = _case with { Plan = edit.Plan };
            bool failsAtOnce = Failing([() => _same!.Find(without, _stepsMax)]) == 1;
            int failing = failsAtOnce ? 0 : Failing([.. OtherSeeds().Select(seed => (Func<ScenarioOutcome?>)(() => _same!.Find(without with { Seed = seed }, _stepsMax)))]);
            if (IsOver)
            {
                return;
            }

            _needs.Add(new CauseNeed(edit.Key, failsAtOnce, failing, failsAtOnce ? 0 : _options.Courses));
        }
    }

    /// <summary>The number, from 0, of the choice that sealed it: with those before it some course escapes, with it none does.</summary>
    private long? FindSealing(long count)
    {
        if (TryFrom(0) is not { Escaped: > 0 })
        {
            return null;
        }

        long open = 0;
        long closed = count;
        while (closed - open > 1)
        {
            long middle = open + ((closed - open) / 2);
            if (TryFrom(middle) is not { } trial)
            {
                return null;
            }

            if (trial.Escaped > 0)
            {
                open = middle;
            }
            else
            {
                closed = middle;
            }
        }

        return open;
    }

    /// <summary>Null when the time was up before all courses had been tried.</summary>
    private CauseTrial? TryFrom(long choices)
    {
        Progress?.Invoke($"other courses behind choice {choices}", _runs);
        int failing = Failing([.. OtherSeeds().Select(seed => (Func<ScenarioOutcome?>)(() => _same!.Find(
            _case.Seed, new SwitchedChoices(_case.CreateChoices(), new SeededChoices(seed), choices), _case.Plan, _stepsMax)))]);
        if (IsOver)
        {
            return null;
        }

        var trial = new CauseTrial(choices, _options.Courses - failing, _options.Courses);
        _trials[choices] = trial;
        return trial;
    }

    private int Failing(Func<ScenarioOutcome?>[] courses)
    {
        int failing = 0;
        foreach (Func<ScenarioOutcome?>[] batch in courses.Chunk(_options.Jobs))
        {
            if (IsOver)
            {
                break;
            }

            failing += SideBySide.Run(batch, _options.Jobs).Count(static outcome => outcome is not null);
            _runs += batch.Length;
        }

        return failing;
    }

    private IEnumerable<ulong> OtherSeeds() => Enumerable.Range(1, _options.Courses).Select(number => Seeds.Derive(_case.Seed, (ulong)number));

    private SealingChoice Describe(long number)
    {
        var counted = new CountedChoices(_case.CreateChoices(), number);
        TraceRecord? before = null;
        _scenario.Run(
            new ScenarioRequest
            {
                Seed = _case.Seed,
                Choices = counted,
                TraceListener = happened => before = counted.Count <= number ? happened : before,
                Abort = _cancellation,
            },
            _case.Plan);
        return new SealingChoice(number + 1, counted.Watched!, before);
    }
}
