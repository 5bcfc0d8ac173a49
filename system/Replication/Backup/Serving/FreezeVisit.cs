using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Backup.Serving;

/// <summary>Freezes the state of a node.</summary>
internal sealed class FreezeVisit : AnsweredVisit<FreezeFind>
{
    /// <inheritdoc/>
    protected override FreezeFind Nothing => default;

    /// <inheritdoc/>
    protected override FreezeFind Find(ConsensusCore core, ReplicatedStateMachine machine) => new(machine.Freeze(), machine.Digest);

    /// <inheritdoc/>
    protected override void Discard(FreezeFind find) => find.State?.Dispose();
}
