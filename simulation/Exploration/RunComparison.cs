// Two runs of one seed that differ. The checkpoints of the hash say between which steps the first difference lies. Another run is then recorded event by event, and further ones are compared with it while
// they are made: at the first event that differs the running code is caught in the act, so the report has its stack, and that of the code that did otherwise. What differed twice need not differ
// again: when it does not, the checkpoints are all that is known.

using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

/// <summary>Finds where two runs that should be equal part.</summary>
public static class RunComparison
{
    private const int RecordsMax = 1_000_000;
    private const int AttemptsMax = 3;

    /// <summary>The violation that two runs of one request differ, with the first difference that shows.</summary>
    public static Violation Explain(IScenario scenario, ScenarioRequest request, RunResult first, RunResult second)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (long after, long before) = Window(first, second);
        string message =
            $"two runs of seed {request.Seed} differ: hash {first.Hash:x16} after {first.Steps} steps, and {second.Hash:x16} after {second.Steps}; "
            + $"equal up to step {after}, different at step {before}; {FirstEvent(scenario, request)}";
        return new Violation(ViolationClass.Nondeterminism, "nondeterminism.run-twice", message, before, first.VirtualTime);
    }

    /// <summary>The last step at which the hashes are known to be equal, and the first at which they are known to differ.</summary>
    private static (long After, long Before) Window(RunResult first, RunResult second)
    {
        Dictionary<long, ulong> hashes = second.Checkpoints.ToDictionary(checkpoint => checkpoint.Step, checkpoint => checkpoint.Hash);
        long after = 0;
        foreach (HashCheckpoint checkpoint in first.Checkpoints)
        {
            if (!hashes.TryGetValue(checkpoint.Step, out ulong hash))
            {
                continue;
            }

            if (hash != checkpoint.Hash)
            {
                return (after, checkpoint.Step);
            }

            after = checkpoint.Step;
        }

        return (after, Math.Min(first.Steps, second.Steps));
    }

    private static string FirstEvent(IScenario scenario, ScenarioRequest request)
    {
        List<TraceRecord> expected = Record(scenario, request);
        for (int i = 0; i < AttemptsMax; i++)
        {
            TraceComparison comparison = Compare(scenario, request, expected);
            if (comparison.Position is { } position)
            {
                return Describe(scenario, request, expected, comparison, position);
            }
        }

        return "no event differs when both are traced: the order of steps does";
    }

    private static string Describe(IScenario scenario, ScenarioRequest request, List<TraceRecord> expected, TraceComparison comparison, int position)
    {
        TraceRecord? first = expected.ElementAtOrDefault(position);
        string text = $"first different event: {Describe(first)} | {Describe(comparison.Instead)}";
        if (comparison.Stack.Length > 0)
        {
            text += $"\n  the second came from\n{comparison.Stack}";
        }

        // A run that does what the first did, and is stopped there, tells where that came from; it may take some.
        for (int i = 0; i < AttemptsMax && first is not null; i++)
        {
            TraceComparison again = Compare(scenario, request, expected[..position]);
            if (again.Position == position && again.Instead is { } same && same with { Text = null } == first with { Text = null })
            {
                return again.Stack.Length > 0 ? $"{text}\n  the first came from\n{again.Stack}" : text;
            }
        }

        return text;
    }

    private static List<TraceRecord> Record(IScenario scenario, ScenarioRequest request)
    {
        var records = new List<TraceRecord>();
        scenario.Run(request with
        {
            TraceListener = record =>
            {
                if (records.Count < RecordsMax)
                {
                    records.Add(record);
                }
            },
        });
        return records;
    }

    private static TraceComparison Compare(IScenario scenario, ScenarioRequest request, List<TraceRecord> expected)
    {
        using var found = CancellationTokenSource.CreateLinkedTokenSource(request.Abort);
        var comparison = new TraceComparison(expected, found);
        ScenarioOutcome outcome = scenario.Run(request with { TraceListener = comparison.Add, Abort = found.Token });
        if (!outcome.Result.Stopped && expected.Count < RecordsMax)
        {
            comparison.End();
        }

        return comparison;
    }

    private static string Describe(TraceRecord? record) => record is null
        ? "none"
        : $"#{record.Number} step {record.Step} at {record.At.TotalSeconds:0.000000} s, {record.Machine} {record.Kind} {record.Text ?? $"{record.First} {record.Second}"}{(record.Task is { } task ? $" in {task}" : string.Empty)}";
}
