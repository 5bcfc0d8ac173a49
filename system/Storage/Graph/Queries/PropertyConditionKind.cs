namespace SimGraph.Storage.Graph;

/// <summary>What a <see cref="PropertyCondition"/> compares. Values are part of the wire format.</summary>
public enum PropertyConditionKind : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>The value is this one, bit by bit.</summary>
    Exact = 1,

    /// <summary>The value is of the kind of the bounds, and between them.</summary>
    Range = 2,

    /// <summary>The value, a text or bytes, begins with this.</summary>
    Prefix = 3,
}
