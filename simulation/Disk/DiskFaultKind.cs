namespace SimGraph.Simulation.Disk;

/// <summary>What a simulated disk can do wrong to one operation.</summary>
public enum DiskFaultKind
{
    /// <summary>A read fails.</summary>
    ReadError,

    /// <summary>A write fails after a part of it, from its start, was written.</summary>
    WriteError,

    /// <summary>The flush of a file fails; what it covered is lost at the next power loss, in part or whole, and visible until then.</summary>
    FailedFlush,

    /// <summary>The flush of a folder fails, in the same way.</summary>
    FailedDirectoryFlush,

    /// <summary>Opening, renaming, deleting or listing fails.</summary>
    MetadataError,

    /// <summary>A write that needs space fails, and all do for some time.</summary>
    Full,

    /// <summary>A bit flips in durable bytes that are being read.</summary>
    BitRot,

    /// <summary>A write that reports success lands in another sector, of this file or of another.</summary>
    MisdirectedWrite,

    /// <summary>An operation hangs for some time.</summary>
    Stall,
}
