namespace SimGraph.Properties.Linearizability.Explanations;

/// <summary>An operation in an order, and the state after it.</summary>
internal sealed record Placed<TState, TAction>(Operation<TAction> Operation, TState After);
