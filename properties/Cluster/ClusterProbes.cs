namespace SimGraph.Properties.Cluster;

/// <summary>What a campaign of some hundred faulty cluster runs must reach, or it proves too little.</summary>
internal static class ClusterProbes
{
    public static IReadOnlyList<string> Required { get; } =
    [
        "client.followed-leader-hint",
        "client.retried-write",
        "graph.cascade-delete",
        "raft.append-rejected",
        "raft.appends-pipelined",
        "raft.election-timed-out-split-vote",
        "raft.leader-elected",
        "raft.leader-stepped-down-without-quorum",
        "raft.pre-vote-rejected",
        "raft.snapshot-installed",
        "raft.snapshot-needed",
        "raft.stale-term-message",
        "raft.suffix-truncated",
        "raft.vote-request-ignored",
        "repl.duplicate-connection-replaced",
        "repl.outbox-full",
        "repl.reconnected",
        "repl.snapshot-installed",
        "repl.snapshot-sent",
        "session.duplicate-request",
        "wal.poisoned",
        "wal.segment-deleted",
        "wal.segment-rolled",
        "wal.tail-cut",
    ];
}
