namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>What is wrong with a <see cref="ToyStore"/>.</summary>
internal enum ToyDefect
{
    None,

    /// <summary>The new file is not flushed before it is renamed.</summary>
    NoFlush,

    /// <summary>The folder is not flushed after the rename.</summary>
    NoFolderFlush,

    /// <summary>The file is written over.</summary>
    OverwritesInPlace,

    /// <summary>A value counts as stored once it is written.</summary>
    AcknowledgesBeforeFlush,

    /// <summary>A flush that failed is tried again, and believed.</summary>
    TriesFlushAgain,

    /// <summary>What is found when it is opened is taken for durable.</summary>
    TrustsWhatItFinds,

    /// <summary>Who opens it and is told to give up goes on writing.</summary>
    DoesNotListen,

    /// <summary>The checksum is not looked at.</summary>
    ReadsUnchecked,
}
