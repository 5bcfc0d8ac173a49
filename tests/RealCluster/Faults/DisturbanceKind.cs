namespace SimGraph.RealCluster.Faults;

/// <summary>What goes wrong around the kill of a leader.</summary>
internal enum DisturbanceKind
{
    /// <summary>Nothing else.</summary>
    None,

    /// <summary>SIGSTOP of another node, SIGCONT later.</summary>
    PauseFollower,

    /// <summary>SIGSTOP of the leader, SIGCONT later, when another may lead; then that one is killed.</summary>
    PauseLeader,

    /// <summary>kill -9 of another node, where a majority stays.</summary>
    KillFollower,

    /// <summary>Nothing passes from one node to another, but everything the other way.</summary>
    OneWayCut,

    /// <summary>The leader hears nobody, or nobody hears it, while clients reach it.</summary>
    OneWayIsolation,

    /// <summary>The leader and the other nodes do not hear each other, while clients reach all.</summary>
    Isolation,

    /// <summary>Everything from and to a node comes late.</summary>
    Delays,

    /// <summary>A node's links carry very little.</summary>
    Clog,

    /// <summary>All connections of a node are reset.</summary>
    Resets,

    /// <summary>Answers of the leader to its clients are held back.</summary>
    SilenceToClients,
}
