using SimGraph.Properties.Linearizability.Explanations;

namespace SimGraph.Properties.Linearizability;

/// <summary>What is known of one partition.</summary>
/// <param name="Partition">The operations.</param>
/// <param name="Verdict">Whether there is an order that explains them.</param>
/// <param name="IsWitnessed">True if the order that the system claims is one.</param>
/// <param name="States">Configurations that the search visited.</param>
/// <param name="Explanation">Why there is none; null unless that was found.</param>
internal sealed record PartitionVerdict<TState, TAction>(
    Partition<TState, TAction> Partition, Verdict Verdict, bool IsWitnessed, long States, Explanation<TState, TAction>? Explanation);
