namespace SimGraph.Properties.Linearizability;

/// <summary>Operations on objects that no other operation touches. A history is linearizable if and only if each partition is (Herlihy and Wing, 1990, theorem 1).</summary>
/// <param name="Name">For people.</param>
/// <param name="Initial">The state before all of them.</param>
/// <param name="Operations">In the order of their calls.</param>
internal sealed record Partition<TState, TAction>(string Name, TState Initial, IReadOnlyList<Operation<TAction>> Operations);
