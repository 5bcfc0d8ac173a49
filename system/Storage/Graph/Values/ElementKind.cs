namespace SimGraph.Storage.Graph;

/// <summary>Nodes or edges. Values are part of the log, storage and wire formats. 0 is never valid.</summary>
public enum ElementKind : byte
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>Nodes.</summary>
    Node = 1,

    /// <summary>Edges.</summary>
    Edge = 2,
}
