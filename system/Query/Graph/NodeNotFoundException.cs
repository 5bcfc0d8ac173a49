using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>A traversal has no start: there is no such node in the state that it reads.</summary>
public sealed class NodeNotFoundException(ElementId node, ulong index)
    : Exception($"there is no node {node} in the graph at entry {index}: it was deleted, or not yet created")
{
    /// <summary>The node that was asked for.</summary>
    public ElementId Node { get; } = node;
}
