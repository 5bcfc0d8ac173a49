// Linearizable reads by read-index (dissertation 6.4; the rounds themselves are kept in ReadRounds) and by lease (6.4.1).
//
// A lease is counted on the leader's clock from the sending of a heartbeat that a voter has answered. The voter answered while it followed this leader, and
// lets nobody else be elected before it has counted an election timeout of its own ticks from there (stickiness), not even after a restart. Its ticks come no faster than
// its clock, but for two at the ends of the count; its clock runs at most 1 + bound times as fast as the leader's. So before LeaseTicks have passed on the leader's
// clock since a quorum's heartbeats were sent, no later leader can have been elected. A transfer asks voters to break the promise, at any later time in the
// term: it ends leases until the next term. The leader's clock, and not the count of its ticks, is what counts: a leader that was paused ticks too late.

using SimGraph.Runtime.Probes;

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
    private ulong _clock;
    private bool _leaseRevoked;

    /// <summary>A new leader knows what is committed only once an entry of its own term is (6.4, step 1).</summary>
    private bool CanBeginReadRound => Role == ConsensusRole.Leader && _reads.CanBegin && CommitIndex >= _termStartIndex;

    /// <summary>
    /// Asks for a linearizable read. The answer comes in <see cref="Ready.Reads"/> or <see cref="Ready.FailedReads"/>, as long as the core lives and a leader
    /// without quorum gets its ticks.
    /// </summary>
    /// <param name="context">Names the read; the core does not look at it.</param>
    /// <returns>False when this node does not lead, or too many reads wait.</returns>
    public bool TryRequestRead(ulong context)
    {
        if (Role != ConsensusRole.Leader || _reads.Count + _confirmedReads.Count + _failedReads.Count >= _options.PendingReadsMax)
        {
            return false;
        }

        _reads.Add(context);
        return true;
    }

    /// <summary>What the owner's monotonic clock shows, in lengths of a tick, rounded down, from 1. Without it, or where it stands still, there are no leases.</summary>
    public void ObserveClock(ulong ticks) => _clock = Math.Max(_clock, ticks);

    /// <summary>
    /// A linearizable read without a round, on the strength of a lease. Call <see cref="ObserveClock"/> first, after the read was asked for.
    /// </summary>
    /// <param name="index">The read may be answered once the state machine has applied this index.</param>
    /// <returns>False when this node does not lead, leases are off, or this one cannot be shown to hold: <see cref="TryRequestRead"/> is the way then.</returns>
    public bool TryLeaseRead(out ulong index)
    {
        index = CommitIndex;
        if (Role != ConsensusRole.Leader || _options.LeaseTicks == 0 || _leaseRevoked || CommitIndex < _termStartIndex)
        {
            return false;
        }

        int voters = 0;
        for (int i = 0; i < _progress.Length; i++)
        {
            if (_progress[i].IsVoter)
            {
                _voterScratch[voters++] = i == _self ? _clock : _progress[i].AnsweredStamp;
            }
        }

        ulong sent = Quorum.ReachedIndex(_voterScratch);
        bool holds = sent > 0 && _clock - sent < (ulong)_options.LeaseTicks;
        if (!holds)
        {
            _probes.Reachable("raft.lease-expired");
        }

        return holds;
    }

    private void BeginReadRound()
    {
        if (!CanBeginReadRound)
        {
            return;
        }

        _reads.Begin(CommitIndex, _progress.Length, _voterCount);
        ulong round = _reads.OpenRound;
        if (_voterCount > 1 || !IsVoter)
        {
            SendHeartbeats();
        }

        if (IsVoter)
        {
            _reads.Acknowledge(round, _self, _confirmedReads);
        }
    }
}
