namespace SimGraph.Storage.Graph;

/// <summary>A directed edge as it is at one moment; immutable.</summary>
public sealed record GraphEdge(ElementId Id, ElementId From, ElementId To, string Type, PropertyMap Properties);
