namespace SimGraph.Storage.Graph;

/// <summary>Which edges of a node are meant. Values are part of the wire format.</summary>
public enum EdgeDirection : byte
{
    /// <summary>No edges; never valid in a query.</summary>
    None = 0,

    /// <summary>Edges that begin at the node.</summary>
    Outgoing = 1,

    /// <summary>Edges that end at the node.</summary>
    Incoming = 2,

    /// <summary>Edges that begin or end at the node; one that does both counts once.</summary>
    Both = 3,
}
