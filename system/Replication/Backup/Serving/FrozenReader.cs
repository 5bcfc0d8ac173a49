using System.Buffers;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Backup.Serving;

/// <summary>Reads a frozen state, chunk by chunk. Dispose it, or the tree keeps what it pins.</summary>
internal sealed class FrozenReader(FrozenState state) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _pairs = new();
    private LsmCursor? _cursor;
    private ulong _length;
    private ulong _hash;
    private bool _ended;

    /// <summary>Number of the next chunk.</summary>
    public uint Next { get; private set; }

    /// <summary>The next chunk; null behind the last.</summary>
    public async Task<ChunkAnswer?> ReadAsync(int bytesMax, CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return null;
        }

        if (_cursor is null)
        {
            _cursor = state.OpenCursor();
            await _cursor.MoveToFirstAsync(cancellationToken);
        }

        _pairs.ResetWrittenCount();
        await FrozenState.ReadChunkAsync(_cursor, _pairs, bytesMax, cancellationToken);
        if (_pairs.WrittenCount > 0)
        {
            _hash = StagedState.NextHash(_hash, _pairs.WrittenSpan);
            _length += (ulong)_pairs.WrittenCount;
        }

        _ended = !_cursor.IsValid;
        return new ChunkAnswer(Next++, _ended, _ended ? _length : 0, _ended ? _hash : 0, _pairs.WrittenMemory);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cursor is { } cursor)
        {
            _cursor = null;
            await cursor.DisposeAsync();
        }

        state.Dispose();
    }
}
