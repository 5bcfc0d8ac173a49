namespace SimGraph.Properties.Linearizability.Explanations;

/// <summary>Why a partition is not linearizable.</summary>
/// <param name="Partition">The whole partition.</param>
/// <param name="Break">The operation whose answer cannot be.</param>
/// <param name="AnsweredBefore">How many operations had been answered before it.</param>
/// <param name="IsFirst">True if all of those can be explained; false if the limit was reached before that was known.</param>
/// <param name="Order">An order that explains them.</param>
/// <param name="Core">Operations that contradict each other, the break among them, in the order of their calls; none of them can be left out.</param>
/// <param name="Anytime">Operations that do not resolve the contradiction, whenever they take effect or if they never do.</param>
/// <param name="CoreOrder">An order that explains the core without the break; empty if none was found within the limit.</param>
internal sealed record Explanation<TState, TAction>(
    Partition<TState, TAction> Partition,
    Operation<TAction> Break,
    int AnsweredBefore,
    bool IsFirst,
    IReadOnlyList<Placed<TState, TAction>> Order,
    IReadOnlyList<Operation<TAction>> Core,
    IReadOnlyList<Operation<TAction>> Anytime,
    IReadOnlyList<Placed<TState, TAction>> CoreOrder);
