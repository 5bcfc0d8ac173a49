namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>How an operation is drawn.</summary>
internal enum BarKind
{
    /// <summary>It changes the state.</summary>
    Write,

    /// <summary>It only reads.</summary>
    Read,

    /// <summary>Nobody knows its outcome.</summary>
    Unknown,

    /// <summary>The one that cannot be.</summary>
    Break,
}
