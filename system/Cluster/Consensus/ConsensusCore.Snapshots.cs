// Log compaction and InstallSnapshot (dissertation chapter 5). Positions only: the bytes of snapshots are the owner's business.

using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    /// <summary>Forgets the log up to a position that a durable snapshot of the owner covers. A position before the start of the log is ignored.</summary>
    public void CompactTo(LogPosition position)
    {
        if (position.Index <= _log.Start.Index)
        {
            return;
        }

        Invariant.Check(position.Index <= _committedHandedOut, "only entries that were handed out to be applied are compacted");
        _log.CompactTo(position);
    }

    /// <summary>Tells the fate of a snapshot that was sent: delivered whole, or given up.</summary>
    public void ReportSnapshot(NodeId to, bool delivered)
    {
        if (!TryGetFollower(to, out FollowerProgress? follower) || follower.State != FollowerState.Snapshot)
        {
            return;
        }

        // The follower is still busy with it, or out of reach: its next answer to a heartbeat starts the probe.
        follower.BecomeProbe(delivered ? follower.PendingSnapshot + 1 : follower.Match + 1);
        follower.PauseProbe();
    }

    private void SendSnapshot(FollowerProgress follower)
    {
        _probes.Reachable("raft.snapshot-needed");
        follower.BecomeSnapshot(_log.Start.Index);
        Send(new ConsensusMessage
        {
            Kind = MessageKind.InstallSnapshot,
            From = _options.Self,
            To = follower.Id,
            Term = Term,
            Snapshot = _log.Start,
        });
    }

    private void OnInstallSnapshot(ConsensusMessage message)
    {
        LogPosition snapshot = message.Snapshot;
        if (snapshot.Index <= CommitIndex)
        {
            _probes.Reachable("raft.snapshot-stale");
            AcceptAppend(message.From, CommitIndex);
            return;
        }

        // The log holds what the snapshot covers, and perhaps more behind it, which must be kept (chapter 5, figure 5.3).
        if (_log.Holds(snapshot))
        {
            _probes.Reachable("raft.snapshot-already-in-log");
            CommitTo(snapshot.Index);
            AcceptAppend(message.From, snapshot.Index);
            return;
        }

        _probes.Reachable("raft.snapshot-installed");
        _log.RestartAt(snapshot);
        CommitIndex = snapshot.Index;
        _committedHandedOut = snapshot.Index;
        _snapshotToInstall = snapshot;
        RestartMembership(snapshot.Index, message.SnapshotMembership);
        AcceptAppend(message.From, snapshot.Index);
    }
}
