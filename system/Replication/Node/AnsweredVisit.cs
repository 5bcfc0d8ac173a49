using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Concurrency;

namespace SimGraph.Replication.Node;

/// <summary>A visit that somebody waits for.</summary>
internal abstract class AnsweredVisit<TFind> : ReplicaVisit
{
    private readonly TaskCompletionSource<TFind> _find = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is found when the node stops.</summary>
    protected abstract TFind Nothing { get; }

    /// <inheritdoc/>
    public override void Look(ConsensusCore core, ReplicatedStateMachine machine)
    {
        TFind find = Find(core, machine);
        if (!_find.TrySetResult(find))
        {
            // Nobody waits any more.
            Discard(find);
        }
    }

    /// <inheritdoc/>
    public override void Refuse() => _find.TrySetResult(Nothing);

    /// <summary>Waits for the look.</summary>
    public async Task<TFind> WaitAsync(CancellationToken cancellationToken)
    {
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((TaskCompletionSource<TFind>)state!).TrySetCanceled(token), _find);
        return await _find.Task;
    }

    /// <summary>Looks; on the node's loop.</summary>
    protected abstract TFind Find(ConsensusCore core, ReplicatedStateMachine machine);

    /// <summary>Lets go of what nobody waits for.</summary>
    protected abstract void Discard(TFind find);
}
