// Committed entries are never lost or changed (Raft: state machine safety and leader completeness), every node applies them in order without gaps, and replicas
// that applied the same prefix are in the same state. The first node that commits an index defines what is there; everyone else is compared with it. At that moment a quorum holds it on
// disk, of a membership that may count it: one that some node follows, or the newest committed one, from which a leader may have gone on since it counted.

using System.IO.Hashing;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Checkers;

internal sealed class CommitChecker(World world, DurableLogs logs, FollowedMemberships memberships)
{
    private readonly List<CommittedEntry> _entries = [new CommittedEntry(0, 0)];
    private readonly SortedDictionary<NodeId, ulong> _applied = [];

    /// <summary>Told of every entry when the first node commits it, in the order of the log.</summary>
    public Action<LogEntry>? FirstCommitted { get; set; }

    /// <summary>The newest index that some node knows to be committed.</summary>
    public ulong Newest => (ulong)_entries.Count - 1;

    /// <summary>The newest membership that some node knows to be committed; null before the first.</summary>
    public Membership? Membership { get; private set; }

    /// <summary>Index of the entry that holds it.</summary>
    public ulong MembershipIndex { get; private set; }

    /// <summary>Whether this entry, and no other at its index, is known to be committed by some node.</summary>
    public bool IsCommitted(LogPosition position) => position.Index <= Newest && _entries[(int)position.Index].Term == position.Term;

    /// <summary>What this node has applied last, as far as it was seen.</summary>
    public ulong AppliedBy(NodeId node) => _applied.GetValueOrDefault(node);

    /// <summary>Term of the committed entry at an index, and the digest of the state there, if some node was seen to apply it.</summary>
    public (ulong Term, UInt128? Digest) At(ulong index)
    {
        CommittedEntry entry = _entries[(int)index];
        return (entry.Term, entry.Digest);
    }

    public void Restarted(NodeId node, LogPosition last, ReplicatedStateMachine state)
    {
        LogPosition applied = state.Applied;
        _applied[node] = applied.Index;
        CheckPosition(node, applied, "the recovered state");
        if (last.Index < applied.Index)
        {
            world.Fail(ViolationClass.Safety, "commit.log-behind-state", $"node {node.Value} restarted with a log that ends at {last.Index}, before its state at {applied.Index}");
        }

        CompareDigest(node, applied, state);
    }

    public void Committed(NodeId node, LogEntry entry)
    {
        ulong expected = AppliedBy(node) + 1;
        if (entry.Index != expected)
        {
            world.Fail(ViolationClass.Safety, "commit.out-of-order", $"node {node.Value} commits entry {entry.Index} after applying {expected - 1}");
            return;
        }

        ulong hash = Fingerprint(entry);
        if (entry.Index > Newest)
        {
            CheckQuorum(node, entry);
            _entries.Add(new CommittedEntry(entry.Term, hash));
            CheckMembership(entry);
            world.Count("cluster.commits");
            FirstCommitted?.Invoke(entry);
            return;
        }

        CommittedEntry first = _entries[(int)entry.Index];
        if (first.Term != entry.Term || first.Hash != hash)
        {
            world.Fail(
                ViolationClass.Safety,
                "commit.changed",
                $"node {node.Value} commits entry {entry.Index} of term {entry.Term}, but what was committed there is of term {first.Term}{(first.Term == entry.Term ? " with other content" : string.Empty)}");
        }
    }

    public void Applied(NodeId node, LogEntry entry, ReplicatedStateMachine state)
    {
        _applied[node] = entry.Index;
        if (state.AppliedIndex != entry.Index)
        {
            world.Fail(ViolationClass.Safety, "replica.applied-index", $"node {node.Value} applied entry {entry.Index}, but its state says {state.AppliedIndex}");
        }

        CommittedEntry first = _entries[(int)entry.Index];
        if (first.Digest is null)
        {
            _entries[(int)entry.Index] = first with { Digest = state.Digest };
        }
        else if (first.Digest != state.Digest)
        {
            world.Fail(ViolationClass.Safety, "replica.diverged", $"node {node.Value} is in another state than the first replica after entry {entry.Index}");
        }
    }

    public void StateFlushed(NodeId node, LogPosition position)
    {
        CheckPosition(node, position, "a state that it made durable");
        world.Count("cluster.states-flushed");
    }

    public void SnapshotInstalled(NodeId node, LogPosition position, ReplicatedStateMachine state)
    {
        CheckPosition(node, position, "a snapshot it installed");
        if (position.Index < AppliedBy(node))
        {
            world.Fail(ViolationClass.Safety, "replica.went-back", $"node {node.Value} installed a snapshot at {position.Index} after applying {AppliedBy(node)}");
        }

        _applied[node] = position.Index;
        CompareDigest(node, position, state);
        world.Count("cluster.snapshots-installed");
    }

    private static ulong Fingerprint(LogEntry entry) => XxHash3.HashToUInt64(entry.Payload.Span, (long)entry.Kind);

    /// <summary>Memberships that follow each other differ by one voter at most, so that their quorums share a voter (dissertation 4.1).</summary>
    private void CheckMembership(LogEntry entry)
    {
        if (entry.Kind != LogEntryKind.Membership)
        {
            return;
        }

        var now = Membership.Decode(entry.Payload.Span);
        if (Membership is { } before)
        {
            int changed = before.Voters.Count(voter => !now.IsVoter(voter.Id)) + now.Voters.Count(voter => !before.IsVoter(voter.Id));
            if (changed > 1)
            {
                world.Fail(ViolationClass.Safety, "membership.two-at-once", $"entry {entry.Index} turns '{before}' into '{now}'");
            }

            world.Count("cluster.membership-changes");
        }

        Membership = now;
        MembershipIndex = entry.Index;
    }

    private void CheckQuorum(NodeId node, LogEntry entry)
    {
        var position = new LogPosition(entry.Index, entry.Term);
        if (!(Membership is { } committed && IsHeldByQuorum(committed, position)) && !memberships.All.Any(followed => IsHeldByQuorum(followed.Membership, position)))
        {
            world.Fail(ViolationClass.Safety, "commit.not-on-a-quorum-of-disks", $"node {node.Value} commits entry {entry.Index} of term {entry.Term}, which no quorum holds on disk");
        }
    }

    // Counted here and not by the system's own rule: a wrong rule must not judge itself.
    private bool IsHeldByQuorum(Membership membership, LogPosition position) =>
        membership.Voters.Length > 0 && membership.Voters.Count(voter => logs.Holds(voter.Id, position)) > membership.Voters.Length / 2;

    private void CheckPosition(NodeId node, LogPosition position, string what)
    {
        if (position.Index > Newest || (position.Index > 0 && _entries[(int)position.Index].Term != position.Term))
        {
            world.Fail(
                ViolationClass.Safety,
                "commit.snapshot-of-uncommitted",
                $"node {node.Value} has {what} at {position.Index} of term {position.Term}, which is not what was committed");
        }
    }

    private void CompareDigest(NodeId node, LogPosition position, ReplicatedStateMachine state)
    {
        if (position.Index <= Newest && _entries[(int)position.Index].Digest is { } first && first != state.Digest)
        {
            world.Fail(ViolationClass.Safety, "replica.diverged", $"node {node.Value} recovered another state at entry {position.Index} than the first replica had");
        }
    }

    private sealed record CommittedEntry(ulong Term, ulong Hash)
    {
        public UInt128? Digest { get; init; }
    }
}
