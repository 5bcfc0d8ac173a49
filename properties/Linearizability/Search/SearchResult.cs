namespace SimGraph.Properties.Linearizability.Search;

/// <summary>How a search ended.</summary>
/// <param name="Verdict">What is known.</param>
/// <param name="Order">If linearizable: numbers of the operations in an order that explains every answer; those of unknown outcome that are missing never took effect.</param>
/// <param name="States">Configurations that were visited.</param>
internal sealed record SearchResult(Verdict Verdict, IReadOnlyList<int> Order, long States);
