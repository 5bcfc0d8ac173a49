namespace SimGraph.Storage.Graph;

/// <summary>Why a command or a query was refused. Values are part of the snapshot and wire formats.</summary>
public enum GraphError : byte
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The node does not exist.</summary>
    NoSuchNode = 1,

    /// <summary>The edge does not exist.</summary>
    NoSuchEdge = 2,

    /// <summary>The property is not of the type that the operation needs.</summary>
    WrongType = 3,

    /// <summary>The property does not have the expected value.</summary>
    Conflict = 4,

    /// <summary>The sum does not fit into 64 bits.</summary>
    Overflow = 5,

    /// <summary>The element, or what the command takes along, would exceed a limit of <see cref="GraphLimits"/>.</summary>
    TooLarge = 6,

    /// <summary>The bytes are not a query or a command.</summary>
    Malformed = 7,

    /// <summary>There is no index on that property.</summary>
    NoSuchIndex = 8,

    /// <summary>There is an index on that property already.</summary>
    IndexExists = 9,
}
