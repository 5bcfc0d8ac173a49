namespace SimGraph.Storage.Graph;

/// <summary>A node as it is at one moment; immutable.</summary>
public sealed record GraphNode(ElementId Id, LabelSet Labels, PropertyMap Properties);
