namespace SimGraph.Storage.Graph;

/// <summary>An edge of the node that was asked for, and the node at its other end.</summary>
public readonly record struct Neighbour(ElementId Edge, string Type, ElementId Node);
