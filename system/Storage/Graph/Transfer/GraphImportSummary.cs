namespace SimGraph.Storage.Graph;

/// <summary>What an import brought in.</summary>
/// <param name="Nodes">Nodes that were created.</param>
/// <param name="Edges">Edges that were created.</param>
/// <param name="Indexes">Indexes that were defined; those that were there already are not counted.</param>
/// <param name="Commands">Commands that it took.</param>
public sealed record GraphImportSummary(long Nodes, long Edges, int Indexes, long Commands);
