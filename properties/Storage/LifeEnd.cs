namespace SimGraph.Properties.Storage;

/// <summary>How a life of a disk ends.</summary>
internal enum LifeEnd
{
    /// <summary>The program comes to its end, or is asked to stop before.</summary>
    Stop,

    /// <summary>The process is killed: the page cache survives.</summary>
    Crash,

    /// <summary>The power fails.</summary>
    PowerLoss,
}
