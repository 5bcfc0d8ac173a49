namespace SimGraph.Storage.Graph;

/// <summary>What a <see cref="GraphOperation"/> does. Values are part of the log and wire formats.</summary>
public enum OperationKind : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>See <see cref="Graph.CreateNode"/>.</summary>
    CreateNode = 1,

    /// <summary>See <see cref="Graph.DeleteNode"/>.</summary>
    DeleteNode = 2,

    /// <summary>See <see cref="Graph.SetNodeProperty"/>.</summary>
    SetNodeProperty = 3,

    /// <summary>See <see cref="Graph.RemoveNodeProperty"/>.</summary>
    RemoveNodeProperty = 4,

    /// <summary>See <see cref="Graph.IncrementNodeProperty"/>.</summary>
    IncrementNodeProperty = 5,

    /// <summary>See <see cref="Graph.CompareAndSetNodeProperty"/>.</summary>
    CompareAndSetNodeProperty = 6,

    /// <summary>See <see cref="Graph.CreateEdge"/>.</summary>
    CreateEdge = 7,

    /// <summary>See <see cref="Graph.DeleteEdge"/>.</summary>
    DeleteEdge = 8,

    /// <summary>See <see cref="Graph.SetEdgeProperty"/>.</summary>
    SetEdgeProperty = 9,

    /// <summary>See <see cref="Graph.AddLabel"/>.</summary>
    AddLabel = 10,

    /// <summary>See <see cref="Graph.RemoveLabel"/>.</summary>
    RemoveLabel = 11,

    /// <summary>See <see cref="Graph.RemoveEdgeProperty"/>.</summary>
    RemoveEdgeProperty = 12,

    /// <summary>See <see cref="Graph.DefineIndex"/>.</summary>
    DefineIndex = 13,

    /// <summary>See <see cref="Graph.DropIndex"/>.</summary>
    DropIndex = 14,
}
