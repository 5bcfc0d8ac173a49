// Judges a history: each partition first by the order that the system claims, then by search. An unclear partition does not hide a broken one behind it: all are tried.

using SimGraph.Properties.Linearizability.Explanations;
using SimGraph.Properties.Linearizability.Search;

namespace SimGraph.Properties.Linearizability;

/// <summary>Judges histories by a sequential model.</summary>
internal sealed class HistoryChecker<TState, TAction>(ISequentialModel<TState, TAction> model, CheckLimits limits)
    where TState : IEquatable<TState>
    where TAction : IEquatable<TAction>
{
    /// <summary>Judges a history.</summary>
    public HistoryVerdict<TState, TAction> Check(IReadOnlyList<Operation<TAction>> history)
    {
        limits.Validate();
        CheckTimes(history);
        Operation<TAction>[] ordered = [.. history.OrderBy(static operation => operation.CalledAt)];
        var budget = new SearchBudget(limits);
        var verdicts = new List<PartitionVerdict<TState, TAction>>();
        foreach (Partition<TState, TAction> partition in model.Split(ordered))
        {
            verdicts.Add(Judge(partition, budget));
            if (verdicts[^1].Verdict == Verdict.NotLinearizable)
            {
                break;
            }
        }

        return new HistoryVerdict<TState, TAction>(history.Count, verdicts);
    }

    private PartitionVerdict<TState, TAction> Judge(Partition<TState, TAction> partition, SearchBudget budget)
    {
        if (CommitOrderWitness.Explains(model, partition))
        {
            return new PartitionVerdict<TState, TAction>(partition, Verdict.Linearizable, IsWitnessed: true, States: 0, Explanation: null);
        }

        SearchResult result = new LinearizabilitySearch<TState, TAction>(model, partition, budget).Run();
        Explanation<TState, TAction>? explanation = result.Verdict == Verdict.NotLinearizable
            ? new Explainer<TState, TAction>(model, new SearchBudget(limits.ExplanationStepsMax, limits.MemoryBytesMax, limits.IsTimeUp)).Explain(partition)
            : null;
        return new PartitionVerdict<TState, TAction>(partition, result.Verdict, IsWitnessed: false, result.States, explanation);
    }

    private static void CheckTimes(IReadOnlyList<Operation<TAction>> history)
    {
        foreach (Operation<TAction> operation in history)
        {
            if (operation.ReturnedAt < operation.CalledAt)
            {
                throw new ArgumentException($"an operation of client {operation.Client} ends at {operation.ReturnedAt}, before it begins at {operation.CalledAt}", nameof(history));
            }
        }
    }
}
