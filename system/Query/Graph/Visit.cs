using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>A node that a traversal met, and in how few steps it is reached from the start.</summary>
public readonly record struct Visit(ElementId Node, int Depth);
