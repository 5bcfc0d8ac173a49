namespace SimGraph.Storage.Graph;

/// <summary>Which <see cref="GraphAnswer"/> it is. Values are part of the wire format.</summary>
public enum AnswerKind : byte
{
    /// <summary>None; never valid.</summary>
    None = 0,

    /// <summary>See <see cref="NodeAnswer"/>.</summary>
    Node = 1,

    /// <summary>See <see cref="EdgeAnswer"/>.</summary>
    Edge = 2,

    /// <summary>See <see cref="NeighboursAnswer"/>.</summary>
    Neighbours = 3,

    /// <summary>See <see cref="CountAnswer"/>.</summary>
    Count = 4,

    /// <summary>See <see cref="FailedAnswer"/>.</summary>
    Failed = 5,

    /// <summary>See <see cref="ElementsAnswer"/>.</summary>
    Elements = 6,
}
