namespace SimGraph.Cluster.Consensus;

/// <summary>How a leader sends to one follower.</summary>
internal enum FollowerState
{
    /// <summary>The follower's log is not known to match: one append at a time.</summary>
    Probe = 0,

    /// <summary>It matches: appends are pipelined up to the window.</summary>
    Replicate = 1,

    /// <summary>It needs entries that were compacted: nothing is sent until the fate of the snapshot is known.</summary>
    Snapshot = 2,
}
