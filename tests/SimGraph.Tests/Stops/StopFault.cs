namespace SimGraph.Tests.Stops;

/// <summary>What goes wrong around a stop.</summary>
internal enum StopFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No byte comes to the machine or from it any more, and nobody says so.</summary>
    Partition,

    /// <summary>What the machine sends is lost; what others send still arrives.</summary>
    Deaf,

    /// <summary>Every other machine is paused: their kernels take bytes, and nobody reads them.</summary>
    SilentPeers,

    /// <summary>Every other machine is killed: connections are reset.</summary>
    DeadPeers,

    /// <summary>The links are so slow that whatever is large is on its way for long.</summary>
    SlowLinks,

    /// <summary>Connections are refused, hang, stall and break by chance.</summary>
    BadNetwork,

    /// <summary>Every call of the disk takes its time.</summary>
    SlowDisk,

    /// <summary>The disk does not answer for a while, perhaps for longer than any stop waits.</summary>
    HungDisk,

    /// <summary>The next flush of a file fails.</summary>
    FailedFlush,

    /// <summary>The next write fails.</summary>
    FailedWrite,

    /// <summary>The disk is full.</summary>
    FullDisk,
}
