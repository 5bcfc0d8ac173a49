using SimGraph.Properties.Cluster.Workload;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Explanations;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Checkers;

/// <summary>Judges what all clients of a run saw. The limits are steps and counted bytes, so the verdict is a function of the run.</summary>
internal static class HistoryJudge
{
    private static readonly CheckLimits Limits = new() { StepsMax = 300_000, MemoryBytesMax = 64L << 20, ExplanationStepsMax = 2_000_000 };

    public static void Judge(World world, ClientHistory history)
    {
        var model = new GraphModel();
        HistoryVerdict<GraphState, GraphAction> verdict = new HistoryChecker<GraphState, GraphAction>(model, Limits).Check(history.Operations());
        world.Count("history.operations", verdict.Operations);
        world.Count("history.partitions", verdict.Partitions.Count);
        world.Count("history.partitions-searched", verdict.Searched);
        world.Count("history.unknown", verdict.Verdict == Verdict.Unknown ? 1 : 0);
        if (verdict.Broken?.Explanation is { } explanation)
        {
            world.Fail(
                ViolationClass.Safety,
                "history.not-linearizable",
                $"{ExplanationText.Write(explanation, model, "line")}\nLines are those of the file that 'repro' writes with '--history FILE'; 'check --model graph FILE --picture PAGE' draws it.");
        }
    }
}
