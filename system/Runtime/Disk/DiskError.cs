namespace SimGraph.Runtime.Disk;

/// <summary>Why a disk call failed.</summary>
public enum DiskError
{
    /// <summary>No such file.</summary>
    NotFound,

    /// <summary>The file exists already.</summary>
    AlreadyExists,

    /// <summary>No space is left. Space may return.</summary>
    Full,

    /// <summary>The device failed to read, write or flush.</summary>
    InputOutput,
}
