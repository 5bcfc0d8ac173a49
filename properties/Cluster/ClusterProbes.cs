namespace SimGraph.Properties.Cluster;

/// <summary>What a campaign of some hundred faulty cluster runs must reach, or it proves too little.</summary>
internal static class ClusterProbes
{
    /// <summary>A node said that its stop was late.</summary>
    public const string LateStop = "cluster.stop-late";

    public static IReadOnlyList<string> Required { get; } =
    [
        LateStop,
        "client.connection-retired",
        "client.followed-leader-hint",
        "client.found-members",
        "client.retried-write",
        "graph.cascade-delete",
        "raft.append-rejected",
        "raft.appends-pipelined",
        "raft.campaign-at-request",
        "raft.election-timed-out-split-vote",
        "raft.leader-elected",
        "raft.leader-removed-itself",
        "raft.leader-stepped-down-without-quorum",
        "raft.lease-expired",
        "raft.pre-vote-rejected",
        "raft.snapshot-installed",
        "raft.snapshot-needed",
        "raft.stale-term-message",
        "raft.suffix-truncated",
        "raft.transfer-begun",
        "raft.vote-request-ignored",
        "raft.yielded-to-priority",
        "repl.accepted-before-replicated",
        "repl.acknowledged-by-all",
        "repl.client-connection-retired",
        "repl.duplicate-connection-replaced",
        "repl.not-acknowledged-by-all",
        "repl.outbox-full",
        "repl.peer-connection-retired",
        "repl.peer-found-by-discovery",
        "repl.peer-retired",
        "repl.reconnected",
        "repl.snapshot-installed",
        "repl.snapshot-resumed",
        "repl.snapshot-sent",
        "session.duplicate-request",
        "wal.poisoned",
        "wal.segment-deleted",
        "wal.segment-rolled",
        "wal.tail-cut",
    ];
}
