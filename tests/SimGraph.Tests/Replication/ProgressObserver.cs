using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Replication;

/// <summary>Waits for a node's state to reach an index, and counts what it sees.</summary>
internal sealed class ProgressObserver : IReplicaObserver
{
    private readonly object _gate = new();
    private readonly SortedDictionary<ulong, TaskCompletionSource<ulong>> _waiting = [];
    private ulong _applied;
    private UInt128 _digest;

    public int SnapshotsInstalled { get; private set; }

    public int StatesFlushed { get; private set; }

    public UInt128 Digest
    {
        get
        {
            lock (_gate)
            {
                return _digest;
            }
        }
    }

    public Task<ulong> WhenAppliedAsync(ulong index)
    {
        lock (_gate)
        {
            if (_applied >= index)
            {
                return Task.FromResult(_applied);
            }

            if (!_waiting.TryGetValue(index, out TaskCompletionSource<ulong>? waiting))
            {
                waiting = new TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(index, waiting);
            }

            return waiting.Task;
        }
    }

    public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state) => Reach(state);

    public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
    {
    }

    public void Committed(LogEntry entry)
    {
    }

    public void Applied(LogEntry entry, ReplicatedStateMachine state) => Reach(state);

    public void StateFlushed(LogPosition position) => StatesFlushed++;

    public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
    {
        SnapshotsInstalled++;
        Reach(state);
    }

    private void Reach(ReplicatedStateMachine state)
    {
        lock (_gate)
        {
            _applied = state.AppliedIndex;
            _digest = state.Digest;
            foreach (ulong index in _waiting.Keys.Where(index => index <= _applied).ToArray())
            {
                _waiting[index].TrySetResult(_applied);
                _waiting.Remove(index);
            }
        }
    }
}
