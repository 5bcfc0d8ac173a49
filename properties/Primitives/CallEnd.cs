namespace SimGraph.Properties.Primitives;

/// <summary>How a call ends.</summary>
internal enum CallEnd
{
    /// <summary>It did what it was asked.</summary>
    Done,

    /// <summary>It says that it did not.</summary>
    Refused,

    /// <summary>Its token was cancelled before it did.</summary>
    Cancelled,
}
