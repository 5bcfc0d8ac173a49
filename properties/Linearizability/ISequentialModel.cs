namespace SimGraph.Properties.Linearizability;

/// <summary>What the objects do when one operation comes after the other. States are immutable values.</summary>
internal interface ISequentialModel<TState, TAction>
    where TState : IEquatable<TState>
    where TAction : IEquatable<TAction>
{
    /// <summary>Splits a history, in the order of the calls, into parts that do not touch each other.</summary>
    IReadOnlyList<Partition<TState, TAction>> Split(IReadOnlyList<Operation<TAction>> history);

    /// <summary>Applies an action; false if it could not have been answered so in this state. One of unknown outcome always can.</summary>
    bool TryStep(TState state, TAction action, out TState next);

    /// <summary>Equal for equal states, in every process.</summary>
    ulong Hash(TState state);

    /// <summary>About how much memory a state takes that is kept.</summary>
    int SizeOf(TState state);

    /// <summary>True if the action, as it was answered, changes no state whatever.</summary>
    bool IsRead(TAction action);

    /// <summary>The same request with an unknown answer.</summary>
    TAction Forget(TAction action);

    /// <summary>
    /// False only if the later action is answered in the same way without the earlier one. An explanation leaves a write out when nothing that stays observes it, so
    /// that what it shows is a contradiction of the whole history, and not of its own making.
    /// </summary>
    bool Observes(TAction later, TAction earlier);

    /// <summary>An action in words: what was asked and, if it was answered, what was answered.</summary>
    string Describe(TAction action);

    /// <summary>A state in a few words.</summary>
    string DescribeState(TState state);
}
