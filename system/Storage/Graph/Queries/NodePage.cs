using System.Collections.Immutable;

namespace SimGraph.Storage.Graph;

/// <summary>Nodes in ascending order of their ids, and whether there are more behind the last in the range that was asked for.</summary>
public readonly record struct NodePage(ImmutableArray<GraphNode> Nodes, bool More);
