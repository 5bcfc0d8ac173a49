// Makes a broken partition small, by steps that keep what it shows true of the whole. Each step takes a history to one that is linearizable if the first one is:
//
//   cut at a time: what is answered later becomes unknown (linearizability is prefix-closed);
//   leave out a read;
//   leave out a write that nothing which stays observes (the model says so);
//   let a write take effect at any time or never, whatever was answered to it.
//
// A step is taken if the rest is still not linearizable. So what remains contradicts itself whatever the others did, and leaving out one more would make it consistent.

using SimGraph.Properties.Linearizability.Search;

namespace SimGraph.Properties.Linearizability.Explanations;

/// <summary>Finds the point where a partition breaks and a small part of it that breaks as well.</summary>
internal sealed class Explainer<TState, TAction>(ISequentialModel<TState, TAction> model, SearchBudget budget)
    where TState : IEquatable<TState>
    where TAction : IEquatable<TAction>
{
    private const int PassesMax = 3;
    private const long AnyTime = long.MinValue;

    /// <summary>For one attempt to leave something out; most are decided within a few hundred steps.</summary>
    private const long StepsPerAttempt = 20_000;

    /// <param name="partition">One that is not linearizable.</param>
    public Explanation<TState, TAction> Explain(Partition<TState, TAction> partition)
    {
        Operation<TAction>[] answered = [.. partition.Operations.Where(static operation => !operation.IsPending).OrderBy(static operation => operation.ReturnedAt)];
        int at = FirstBreak(partition, answered);
        Operation<TAction> broken = answered[at];
        List<Kept> rest = [.. Until(partition.Operations, broken.ReturnedAt).Select(static operation => new Kept(operation, operation))];
        for (int pass = 0; pass < PassesMax && Shrink(partition, rest, broken); pass++)
        {
        }

        List<Operation<TAction>> earlier = Until(partition.Operations, broken.ReturnedAt - 1);
        SearchResult before = Search(partition, earlier, long.MaxValue);
        List<Operation<TAction>> coreBefore = Until(rest.Select(static kept => kept.Now), broken.ReturnedAt - 1);
        return new Explanation<TState, TAction>(
            partition,
            broken,
            at,
            before.Verdict == Verdict.Linearizable,
            Order(partition, earlier, before),
            [.. rest.Where(static kept => kept.Now.CalledAt != AnyTime).Select(static kept => kept.Now)],
            [.. rest.Where(static kept => kept.Now.CalledAt == AnyTime).Select(static kept => kept.Original)],
            Order(partition, coreBefore, Search(partition, coreBefore, long.MaxValue)));
    }

    /// <summary>The first answer that cannot be.</summary>
    private int FirstBreak(Partition<TState, TAction> partition, Operation<TAction>[] answered)
    {
        int low = 0;
        int high = answered.Length - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Search(partition, Until(partition.Operations, answered[middle].ReturnedAt), long.MaxValue).Verdict == Verdict.NotLinearizable)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return high;
    }

    /// <summary>The history as it was at a time: what is under way has no answer yet.</summary>
    private List<Operation<TAction>> Until(IEnumerable<Operation<TAction>> operations, long time)
    {
        var until = new List<Operation<TAction>>();
        foreach (Operation<TAction> operation in operations)
        {
            if (operation.CalledAt > time)
            {
                continue;
            }

            if (operation.ReturnedAt <= time || operation.IsPending)
            {
                until.Add(operation);
            }
            else if (!model.IsRead(operation.Action))
            {
                until.Add(operation with { Action = model.Forget(operation.Action), ReturnedAt = Operation<TAction>.Never });
            }
        }

        return until;
    }

    /// <summary>One attempt for each operation, the oldest first; true if one succeeded.</summary>
    private bool Shrink(Partition<TState, TAction> partition, List<Kept> rest, Operation<TAction> broken)
    {
        bool smaller = false;
        for (int place = 0; place < rest.Count;)
        {
            Kept kept = rest[place];
            rest.RemoveAt(place);
            if (!ReferenceEquals(kept.Now, broken) && CanBeLeftOut(kept.Now, rest) && IsBroken(partition, rest))
            {
                smaller = true;
                continue;
            }

            rest.Insert(place, kept);
            if (!ReferenceEquals(kept.Now, broken) && kept.Now.CalledAt != AnyTime && !model.IsRead(kept.Now.Action))
            {
                rest[place] = kept with
                {
                    Now = kept.Now with { Action = model.Forget(kept.Now.Action), CalledAt = AnyTime, ReturnedAt = Operation<TAction>.Never },
                };
                bool isStillBroken = IsBroken(partition, rest);
                smaller |= isStillBroken;
                rest[place] = isStillBroken ? rest[place] : kept;
            }

            place++;
        }

        return smaller;
    }

    private bool CanBeLeftOut(Operation<TAction> operation, List<Kept> rest) =>
        model.IsRead(operation.Action) || !rest.Exists(other => model.Observes(other.Now.Action, operation.Action));

    private bool IsBroken(Partition<TState, TAction> partition, List<Kept> rest) =>
        Search(partition, [.. rest.Select(static kept => kept.Now)], StepsPerAttempt).Verdict == Verdict.NotLinearizable;

    private List<Placed<TState, TAction>> Order(Partition<TState, TAction> partition, List<Operation<TAction>> operations, SearchResult found)
    {
        TState state = partition.Initial;
        var order = new List<Placed<TState, TAction>>();
        foreach (int number in found.Order)
        {
            model.TryStep(state, operations[number].Action, out state);
            order.Add(new Placed<TState, TAction>(operations[number], state));
        }

        return order;
    }

    private SearchResult Search(Partition<TState, TAction> partition, IReadOnlyList<Operation<TAction>> operations, long stepsMax)
    {
        SearchBudget part = budget.Part(stepsMax);
        SearchResult result = new LinearizabilitySearch<TState, TAction>(model, partition with { Operations = operations }, part).Run();
        budget.Charge(part);
        return result;
    }

    /// <summary>An operation that stays: as it is in the history, and with what it still claims.</summary>
    private sealed record Kept(Operation<TAction> Original, Operation<TAction> Now);
}
