namespace SimGraph.Properties.Storage;

/// <summary>How a run explores a component.</summary>
internal enum StorageMode
{
    /// <summary>A crash at every operation of the disk: <see cref="CrashExplorer"/>.</summary>
    CrashPoints,

    /// <summary>The first, second, third ... operation fails: <see cref="FailureExplorer"/>.</summary>
    Failures,

    /// <summary>One disk, many lives: <see cref="LivesExplorer"/>.</summary>
    Lives,

    /// <summary>Told to stop while the disk hangs or is full: <see cref="StopExplorer"/>.</summary>
    Stops,

    /// <summary>Flipped bits: <see cref="RotExplorer"/>.</summary>
    Rot,
}
