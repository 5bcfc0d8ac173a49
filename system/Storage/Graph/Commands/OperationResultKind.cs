namespace SimGraph.Storage.Graph;

/// <summary>What an operation answers. Values are part of the snapshot and wire formats.</summary>
public enum OperationResultKind : byte
{
    /// <summary>Nothing but that it happened.</summary>
    None = 0,

    /// <summary>The id of what it created.</summary>
    Element = 1,

    /// <summary>An integer.</summary>
    Value = 2,
}
