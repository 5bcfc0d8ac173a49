namespace SimGraph.Properties.Cluster.Plan;

/// <summary>What the fault script can do.</summary>
public enum FaultKind
{
    /// <summary>Kill the process of a node; start it again after the duration.</summary>
    Crash,

    /// <summary>Cut the power of a node; on again after the duration.</summary>
    PowerLoss,

    /// <summary>Cut the power of every node at once; on again after the duration.</summary>
    PowerLossOfAll,

    /// <summary>Stop a node gracefully; start it again after the duration.</summary>
    GracefulRestart,

    /// <summary>SIGSTOP a node for the duration.</summary>
    Pause,

    /// <summary>Cut a node off from everybody for the duration.</summary>
    Isolate,

    /// <summary>Cut a node off from all other nodes, but not from clients, for the duration: a stale leader keeps its audience.</summary>
    CutFromPeers,

    /// <summary>Cut the links from a node to one other, in one direction, for the duration.</summary>
    OneWayCut,

    /// <summary>Split the nodes into two groups for the duration.</summary>
    Split,

    /// <summary>Let a node's links deliver slowly for the duration.</summary>
    Clog,

    /// <summary>Move a node's wall clock.</summary>
    ClockJump,

    /// <summary>Change the rate of a node's clocks.</summary>
    ClockDrift,

    /// <summary>Let a node's disk be full for the duration.</summary>
    DiskFull,

    /// <summary>Let the next flush of a node's disk fail.</summary>
    FailedFlush,

    /// <summary>Let a node's disk hang, ask the node to stop, which it then cannot in time, and start it again after the duration.</summary>
    StopOnHungDisk,

    /// <summary>Kill a node, start it, ask it to stop while it recovers, and start it again after the duration.</summary>
    StopWhileStarting,
}
