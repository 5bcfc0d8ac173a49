using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>Sees what a read replica applies. Called on its loop, synchronously, in order; must not block. An exception ends the replica.</summary>
public interface IReadReplicaObserver
{
    /// <summary>The state was recovered; entries behind it follow.</summary>
    void Started(ReplicatedStateMachine state);

    /// <summary>An entry was applied.</summary>
    void Applied(LogEntry entry, ReplicatedStateMachine state);

    /// <summary>The state was replaced by a member's.</summary>
    void StateInstalled(LogPosition position, ReplicatedStateMachine state);
}
