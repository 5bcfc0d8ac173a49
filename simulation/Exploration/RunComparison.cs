// Two runs of one seed that differ. The checkpoints of the hash say between which steps the first difference lies; two more runs, with the trace on between
// these steps, may show the event. They may also differ elsewhere, or not at all: then the checkpoint is all that is known.

using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

/// <summary>Finds where two runs that should be equal part.</summary>
public static class RunComparison
{
    private const int RecordsMax = 100_000;

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
            + $"equal up to step {after}, different at step {before}; {FirstEvent(scenario, request, after, before)}";
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

    private static string FirstEvent(IScenario scenario, ScenarioRequest request, long after, long before)
    {
        List<TraceRecord> first = Record(scenario, request, after, before);
        List<TraceRecord> second = Record(scenario, request, after, before);
        int common = Math.Min(first.Count, second.Count);
        for (int i = 0; i < common; i++)
        {
            if (!IsSame(first[i], second[i]))
            {
                return $"first different event: {Describe(first[i])} | {Describe(second[i])}";
            }
        }

        return first.Count == second.Count
            ? "no event differs when both are traced there: the order of steps does"
            : $"first different event: {Describe(first.ElementAtOrDefault(common))} | {Describe(second.ElementAtOrDefault(common))}";
    }

    private static List<TraceRecord> Record(IScenario scenario, ScenarioRequest request, long after, long before)
    {
        var records = new List<TraceRecord>();
        scenario.Run(request with
        {
            StopAtStep = Math.Max(1, before + 1),
            TraceListener = record =>
            {
                if (record.Step >= after && records.Count < RecordsMax)
                {
                    records.Add(record);
                }
            },
        });
        return records;
    }

    private static bool IsSame(TraceRecord left, TraceRecord right) => left == right;

    private static string Describe(TraceRecord? record) => record is null
        ? "none"
        : $"#{record.Number} step {record.Step} at {record.At.TotalSeconds:0.000000} s, {record.Machine} {record.Kind} {record.Text ?? $"{record.First} {record.Second}"}";
}
