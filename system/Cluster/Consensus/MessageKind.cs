namespace SimGraph.Cluster.Consensus;

/// <summary>What a <see cref="ConsensusMessage"/> says. Values are part of the wire format.</summary>
public enum MessageKind : byte
{
    /// <summary>Would you vote for me in this (future) term?</summary>
    PreVoteRequest = 1,

    /// <summary>Answer to <see cref="PreVoteRequest"/>.</summary>
    PreVoteResponse = 2,

    /// <summary>Vote for me in this term.</summary>
    VoteRequest = 3,

    /// <summary>Answer to <see cref="VoteRequest"/>.</summary>
    VoteResponse = 4,

    /// <summary>Entries behind a position, possibly none.</summary>
    AppendRequest = 5,

    /// <summary>Answer to <see cref="AppendRequest"/> and to <see cref="InstallSnapshot"/>, and to any leader's message of a past term.</summary>
    AppendResponse = 6,

    /// <summary>I lead; this much is committed.</summary>
    Heartbeat = 7,

    /// <summary>Answer to <see cref="Heartbeat"/>.</summary>
    HeartbeatResponse = 8,

    /// <summary>Restart the log behind this snapshot; the bytes travel beside the message.</summary>
    InstallSnapshot = 9,

    /// <summary>Campaign now, without asking first: I lead, your log is whole, and I want you to take over.</summary>
    TimeoutNow = 10,
}
