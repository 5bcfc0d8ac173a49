namespace SimGraph.Properties.Linearizability;

/// <summary>What a check of a history says.</summary>
/// <param name="Verdict">What is known.</param>
/// <param name="Operations">Operations that may have happened.</param>
/// <param name="Partitions">Parts that were judged.</param>
/// <param name="States">Configurations that the searches visited.</param>
/// <param name="Explanation">Why it is not linearizable, in lines; null otherwise.</param>
/// <param name="Picture">The same as an HTML page; null otherwise.</param>
public sealed record HistoryReport(Verdict Verdict, int Operations, int Partitions, long States, string? Explanation, string? Picture);
