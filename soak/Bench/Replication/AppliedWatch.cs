using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>Sees how far a node or a read replica has applied.</summary>
internal sealed class AppliedWatch(ulong wanted) : IReplicaObserver, IReadReplicaObserver
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _applied;

    /// <summary>The last entry that was applied.</summary>
    public ulong Applied => Volatile.Read(ref _applied);

    /// <summary>Ends when the wanted entry was.</summary>
    public Task Reached => _reached.Task;

    public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state) => Note(state);

    public void Started(ReplicatedStateMachine state) => Note(state);

    public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
    {
    }

    public void Committed(LogEntry entry)
    {
    }

    void IReplicaObserver.Applied(LogEntry entry, ReplicatedStateMachine state) => Note(state);

    void IReadReplicaObserver.Applied(LogEntry entry, ReplicatedStateMachine state) => Note(state);

    public void StateFlushed(LogPosition position)
    {
    }

    public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state) => Note(state);

    public void StateInstalled(LogPosition position, ReplicatedStateMachine state) => Note(state);

    private void Note(ReplicatedStateMachine state)
    {
        Volatile.Write(ref _applied, state.AppliedIndex);
        if (state.AppliedIndex >= wanted)
        {
            _reached.TrySetResult();
        }
    }
}
