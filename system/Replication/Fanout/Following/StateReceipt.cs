using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>A state that is being received. Owned by the loop; ends by being installed or abandoned.</summary>
internal sealed class StateReceipt(ulong request, StagedState staged)
{
    /// <summary>The catch-up that it answers.</summary>
    public ulong Request => request;

    /// <summary>What has arrived.</summary>
    public StagedState Staged => staged;

    /// <summary>The next chunk.</summary>
    public uint Next { get; private set; }

    /// <summary>Whether a chunk is the next one of this state.</summary>
    public bool Expects(in StateChunkMessage chunk) => chunk.Request == request && chunk.Number == Next && chunk.Position == staged.Position;

    /// <summary>Adds the next chunk. True when it was the last, and the state is whole and durable.</summary>
    /// <exception cref="FormatException">It is not what was sent.</exception>
    public async Task<bool> AddAsync(StateChunkMessage chunk, CancellationToken cancellationToken)
    {
        Next++;
        if (!chunk.Data.IsEmpty)
        {
            await staged.AddAsync(chunk.Data, cancellationToken);
        }

        if (chunk.IsLast)
        {
            await staged.CompleteAsync(chunk.StateLength, chunk.StateHash, cancellationToken);
        }

        return chunk.IsLast;
    }
}
