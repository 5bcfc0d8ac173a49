namespace SimGraph.Storage.Graph;

/// <summary>What a <see cref="GraphQuery"/> asks. Values are part of the wire format.</summary>
public enum QueryKind : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>See <see cref="Graph.GetNode"/>.</summary>
    GetNode = 1,

    /// <summary>See <see cref="Graph.GetEdge"/>.</summary>
    GetEdge = 2,

    /// <summary>See <see cref="Graph.Neighbours"/>.</summary>
    Neighbours = 3,

    /// <summary>See <see cref="Graph.CountNodes"/>.</summary>
    CountNodes = 4,

    /// <summary>See <see cref="Graph.FindByLabel"/>.</summary>
    FindByLabel = 5,

    /// <summary>See <see cref="Graph.FindEdgesByType"/>.</summary>
    FindEdgesByType = 6,

    /// <summary>See <see cref="Graph.FindByProperty"/>.</summary>
    FindByProperty = 7,
}
