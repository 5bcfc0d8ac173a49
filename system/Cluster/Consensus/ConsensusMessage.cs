// One message between two members. The fields that each kind uses (all others stay at their default; a codec may carry all of them always):
//
//   every kind         Kind, From, To, Term (the sender's term, except as noted)
//   PreVoteRequest     Term = the term that the sender would campaign in (its own + 1); Previous = last position of its log
//   PreVoteResponse    Rejected; Term = the term asked for when granted, the voter's own term when rejected
//   VoteRequest        Previous = last position of the sender's log; Transfer = the leader asked for this election
//   VoteResponse       Rejected
//   AppendRequest      Previous, Entries (contiguous behind Previous), Commit
//   AppendResponse     accepted: Previous.Index = last index known to match the leader's log
//                      Rejected: Previous.Index = the refused Previous.Index; HintIndex, HintTerm = where the leader should try next
//   Heartbeat          Commit (no more than the receiver is known to hold), ReadContext = read round, 0 for none; Stamp = the leader's
//                      clock when it was sent, 0 for unknown
//   HeartbeatResponse  ReadContext and Stamp, echoed
//   InstallSnapshot    Snapshot, SnapshotMembership = the membership as of it (null: the one that every member began with)
//   TimeoutNow         nothing more

using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <summary>A message of the consensus protocol. Immutable; it may be sent at any later time, twice, or never.</summary>
public sealed class ConsensusMessage
{
    public required MessageKind Kind { get; init; }

    public required NodeId From { get; init; }

    public required NodeId To { get; init; }

    public required ulong Term { get; init; }

    public LogPosition Previous { get; init; }

    public ulong Commit { get; init; }

    public IReadOnlyList<LogEntry> Entries { get; init; } = [];

    public bool Rejected { get; init; }

    public ulong HintIndex { get; init; }

    public ulong HintTerm { get; init; }

    public ulong ReadContext { get; init; }

    public LogPosition Snapshot { get; init; }

    public Membership? SnapshotMembership { get; init; }

    public ulong Stamp { get; init; }

    public bool Transfer { get; init; }
}
