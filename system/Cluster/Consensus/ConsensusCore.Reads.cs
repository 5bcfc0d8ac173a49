// Linearizable reads by read-index (dissertation 6.4). The rounds themselves are kept in ReadRounds.

namespace SimGraph.Cluster.Consensus;

public sealed partial class ConsensusCore
{
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

    private void BeginReadRound()
    {
        if (!CanBeginReadRound)
        {
            return;
        }

        _reads.Begin(CommitIndex);
        ulong round = _reads.OpenRound;
        if (_voters.Length > 1)
        {
            SendHeartbeats();
        }

        _reads.Acknowledge(round, _self, _confirmedReads);
    }
}
