// What Raft promises (dissertation figure 3.2), checked after every step of a toy cluster, and the promises of a Ready to its owner.

using System.Buffers.Binary;
using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Cluster;

internal sealed class ProtocolChecker(ToyNode[] nodes)
{
    private readonly Dictionary<ulong, NodeId> _leaders = [];
    private readonly Dictionary<(NodeId Voter, ulong Term), NodeId> _votes = [];
    private readonly Dictionary<(ulong Index, ulong Term), (ulong Payload, ulong PreviousTerm)> _entries = [];
    private readonly List<LogEntry> _committed = [];

    public ulong CommittedIndex => (ulong)_committed.Count;

    public int ReadsConfirmed { get; private set; }

    public int ReadsFailed { get; private set; }

    public int LeaseReads { get; private set; }

    public int MembershipChanges { get; private set; }

    public LogEntry Committed(ulong index) => _committed[(int)index - 1];

    /// <summary>After anything happened to a node's core.</summary>
    public void OnStep(ToyNode node)
    {
        ConsensusCore core = node.Core!;
        Require(core.Term >= node.SeenTerm, node, "a term went back");
        node.SeenTerm = core.Term;
        if (core.Role == ConsensusRole.Leader && !_leaders.TryAdd(core.Term, node.Id))
        {
            Require(_leaders[core.Term] == node.Id, node, "two leaders in one term");
        }
        else if (core.Role == ConsensusRole.Leader)
        {
            for (ulong i = node.CompactedTo + 1; i <= CommittedIndex; i++)
            {
                Require(i <= node.Snapshot.Index || node.HandedAt(i)?.Term == Committed(i).Term, node, "a new leader lacks a committed entry");
            }
        }

        if (core.Role == ConsensusRole.Leader)
        {
            int open = 0;
            for (int i = node.Handed.Count - 1; i >= 0 && node.Handed[i].Index > Math.Max(CommittedIndex, core.CommitIndex); i--)
            {
                open += node.Handed[i].Kind == LogEntryKind.Membership ? 1 : 0;
            }

            Require(open <= 1, node, "a leader has two changes of the membership under way");
        }

        Require(core.CommitIndex >= node.SeenCommit, node, "a commit index went back");

        // A leader that removed itself steps down in the step in which it commits that.
        if (core.Role == ConsensusRole.Leader || node.SeenLeadingTerm == core.Term)
        {
            ObserveCommit(node, core.CommitIndex);
            Require(
                core.CommitIndex == node.SeenCommit || node.SeenLeadingTerm != core.Term || Committed(core.CommitIndex).Term == core.Term,
                node,
                "a leader commits an entry of an earlier term by counting");
            node.SeenLeadingTerm = core.Term;
        }

        Require(core.CommitIndex <= CommittedIndex, node, "a follower is ahead of every leader's commit index");
        node.SeenCommit = core.CommitIndex;
    }

    /// <summary>After a Ready was taken.</summary>
    public void OnTaken(ToyNode node, ulong lastBefore)
    {
        Ready ready = node.Taken!;
        for (int i = 0; i < ready.Committed.Count; i++)
        {
            Require(node.IsDurable(ready.Committed[i].Index, ready.Committed[i].Term), node, "an entry is handed out to be applied before it is durable");
        }

        for (int i = 0; i < ready.Entries.Count; i++)
        {
            LogEntry entry = ready.Entries[i];
            Require(i == 0 || entry.Index == ready.Entries[i - 1].Index + 1, node, "the entries of a Ready have a gap");
            Require(i > 0 || entry.Index <= (ready.Snapshot?.Index ?? lastBefore) + 1, node, "the entries of a Ready leave a gap to the log");
            ulong previousTerm = entry.Index == 1 ? 0
                : node.HandedAt(entry.Index - 1)?.Term ?? (ready.Snapshot is { } s && s.Index == entry.Index - 1 ? s.Term : Committed(entry.Index - 1).Term);
            (ulong, ulong) identity = (PayloadOf(entry), previousTerm);
            if (!_entries.TryAdd((entry.Index, entry.Term), identity))
            {
                Require(_entries[(entry.Index, entry.Term)] == identity, node, "two logs differ at or before an entry of equal index and term");
            }
        }
    }

    /// <summary>Before a message goes out: everything that it promises is durable.</summary>
    public void OnSend(ToyNode node, ConsensusMessage message)
    {
        Require(message.Kind == MessageKind.PreVoteResponse || message.Kind == MessageKind.PreVoteRequest || message.Term <= node.DurableHard.Term,
            node, "a message of a term that is not durable");
        NodeId? votedFor = message switch
        {
            { Kind: MessageKind.VoteRequest } => node.Id,
            { Kind: MessageKind.VoteResponse, Rejected: false } => message.To,
            _ => null,
        };
        if (votedFor is { } candidate)
        {
            Require(node.DurableHard.Term > message.Term || node.DurableHard.Vote == candidate, node, "a vote that is not durable");
            if (!_votes.TryAdd((node.Id, message.Term), candidate))
            {
                Require(_votes[(node.Id, message.Term)] == candidate, node, "two votes in one term");
            }
        }

        if (message is { Kind: MessageKind.AppendResponse, Rejected: false } && message.Term == node.Core!.Term)
        {
            Require(message.Previous.Index <= node.DurableLastIndex, node, "an acknowledgement of entries that are not durable");
        }
    }

    /// <summary>When a node applies what a Ready says.</summary>
    public void OnApply(ToyNode node)
    {
        Ready ready = node.Taken!;
        for (int i = 0; i < ready.Committed.Count; i++)
        {
            LogEntry entry = ready.Committed[i];
            Require(entry.Index == node.AppliedIndex + 1, node, "committed entries are handed out twice, or with a gap");
            Require(entry.Index <= CommittedIndex, node, "an entry is applied that no leader committed");
            RequireSame(node, entry, Committed(entry.Index));
            node.Apply(entry);
        }

        for (int i = 0; i < ready.Reads.Count; i++)
        {
            Require(node.PendingReads.Remove(ready.Reads[i].Context, out ulong required), node, "a read is confirmed that nobody waits for");
            Require(ready.Reads[i].Index >= required, node, "a stale read");
            ReadsConfirmed++;
        }

        for (int i = 0; i < ready.FailedReads.Count; i++)
        {
            Require(node.PendingReads.Remove(ready.FailedReads[i]), node, "a read fails that nobody waits for");
            ReadsFailed++;
        }
    }

    /// <summary>A lease read was granted.</summary>
    public void OnLeaseRead(ToyNode node, ulong index)
    {
        LeaseReads++;
        Require(index >= CommittedIndex, node, "a stale lease read");
    }

    /// <summary>The membership at an index, as committed; null if none is.</summary>
    public Membership? MembershipAt(ulong index)
    {
        for (ulong i = Math.Min(index, CommittedIndex); i > 0; i--)
        {
            if (Committed(i).Kind == LogEntryKind.Membership)
            {
                return Membership.Decode(Committed(i).Payload.Span);
            }
        }

        return null;
    }

    /// <summary>When a node has nothing more to do.</summary>
    public static void OnIdle(ToyNode node) =>
        Require(node.Core!.Role == ConsensusRole.Leader || node.PendingReads.Count == 0, node, "a read was forgotten at a step-down");

    private void ObserveCommit(ToyNode leader, ulong commit)
    {
        while (CommittedIndex < commit)
        {
            ulong index = CommittedIndex + 1;
            LogEntry? entry = leader.HandedAt(index);
            Require(entry is not null, leader, "a leader commits an entry that it never handed out");
            int holders = 0;
            int voters = 0;
            foreach (ToyNode node in nodes)
            {
                if (leader.Core!.Membership.IsVoter(node.Id))
                {
                    voters++;
                    holders += node.IsDurable(index, entry!.Term) ? 1 : 0;
                }
            }

            Require(holders > voters / 2, leader, "an entry is committed that no quorum of the voters holds durably");
            RequireOneStep(leader, entry!);
            _committed.Add(entry!);
        }

        for (ulong i = leader.SeenCommit + 1; i <= commit; i++)
        {
            if (leader.HandedAt(i) is { } entry)
            {
                RequireSame(leader, entry, Committed(i));
            }
        }
    }

    /// <summary>Two memberships that follow each other differ by one voter at most, so that their quorums share a voter.</summary>
    private void RequireOneStep(ToyNode leader, LogEntry entry)
    {
        if (entry.Kind == LogEntryKind.Membership && MembershipAt(CommittedIndex) is { } before)
        {
            MembershipChanges++;
            Membership now = Membership.Decode(entry.Payload.Span);
            int changed = before.Voters.Count(voter => !now.IsVoter(voter.Id)) + now.Voters.Count(voter => !before.IsVoter(voter.Id));
            Require(changed <= 1, leader, "a change of the membership changes more than one voter");
        }
    }

    private static void RequireSame(ToyNode node, LogEntry entry, LogEntry committed) =>
        Require(entry.Term == committed.Term && PayloadOf(entry) == PayloadOf(committed), node, "a committed entry changed");

    private static ulong PayloadOf(LogEntry entry) =>
        entry.Payload.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(entry.Payload.Span);

    private static void Require(bool condition, ToyNode node, string what)
    {
        if (!condition)
        {
            throw new ProtocolViolationException($"node {node.Id}, term {node.Core?.Term}: {what}");
        }
    }
}
