// The fast way to "linearizable": the system says in which order it applied the writes (a simulation sees the log), so only the reads have to be placed. Each read goes to
// the first state that gives its answer and that is not before anything which ended before the read began; that is the best place for all reads after it. Linear
// in the length of the history, as a read's answer is at most as far away as writes overlap with it. It proves, and never refutes: when it fails, a search decides.

namespace SimGraph.Properties.Linearizability.Search;

/// <summary>Tries the order that the system claims.</summary>
internal static class CommitOrderWitness
{
    /// <summary>True if the positions are an order that explains every answer within real time.</summary>
    public static bool Explains<TState, TAction>(ISequentialModel<TState, TAction> model, Partition<TState, TAction> partition)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        IReadOnlyList<Operation<TAction>> operations = partition.Operations;
        var places = new int[operations.Count];
        var states = new List<TState> { partition.Initial };
        foreach (int write in Enumerable.Range(0, operations.Count).Where(i => IsPlacedWrite(model, operations[i])).OrderBy(i => operations[i].Position))
        {
            if (!model.TryStep(states[^1], operations[write].Action, out TState next))
            {
                return false;
            }

            states.Add(next);
            places[write] = states.Count - 1;
        }

        return RespectsRealTime(model, operations, places, states);
    }

    private static bool IsPlacedWrite<TState, TAction>(ISequentialModel<TState, TAction> model, Operation<TAction> operation)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
        => operation.Position is not null && !model.IsRead(operation.Action);

    /// <summary>Goes through calls and answers in time. Whatever has ended is before whatever begins; a write that produces state n is before one that produces a later one.</summary>
    private static bool RespectsRealTime<TState, TAction>(
        ISequentialModel<TState, TAction> model, IReadOnlyList<Operation<TAction>> operations, int[] places, List<TState> states)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        var events = EventList.Of(operations);
        int ended = 0;
        for (int at = events.After(EventList.Head); at != EventList.Head; at = events.After(at))
        {
            int number = events.OperationAt(at);
            if (!events.IsCall(at))
            {
                ended = Math.Max(ended, places[number]);
            }
            else if (IsPlacedWrite(model, operations[number]))
            {
                if (places[number] <= ended)
                {
                    return false;
                }
            }
            else if (!operations[number].IsPending)
            {
                if (!model.IsRead(operations[number].Action) || !TryPlace(model, operations[number].Action, ended, states, out places[number]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryPlace<TState, TAction>(ISequentialModel<TState, TAction> model, TAction read, int first, List<TState> states, out int place)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        for (place = first; place < states.Count; place++)
        {
            if (model.TryStep(states[place], read, out _))
            {
                return true;
            }
        }

        return false;
    }
}
