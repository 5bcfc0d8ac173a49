namespace SimGraph.Replication;

/// <summary>
/// When a client is told that its write is done. It changes what the client knows, never what becomes of the write: the log and the state machine are the same in all of them.
/// </summary>
public enum WriteAcknowledgement : byte
{
    /// <summary>As the cluster is configured.</summary>
    ClusterDefault = 0,

    /// <summary>
    /// When the leader's own disk has it. The answer says where in the log it stands and nothing about its result. It is lost if the leader is replaced before a quorum has it,
    /// and a read may not see it yet.
    /// </summary>
    Asynchronous = 1,

    /// <summary>When a quorum has it durably and the leader has applied it: it is never lost, and every later read sees it.</summary>
    Quorum = 2,

    /// <summary>As for a quorum, and every voter and learner of the configuration has it durably. As long as one of them is away, the outcome is unknown.</summary>
    All = 3,
}
