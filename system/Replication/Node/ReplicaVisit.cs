using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Node;

/// <summary>A look at log and state between two turns of the event loop.</summary>
internal abstract class ReplicaVisit
{
    /// <summary>Called on the loop; must not block.</summary>
    public abstract void Look(ConsensusCore core, ReplicatedStateMachine machine);

    /// <summary>The node stops: there will be no look.</summary>
    public abstract void Refuse();
}
