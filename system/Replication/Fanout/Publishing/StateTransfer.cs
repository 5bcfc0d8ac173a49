using System.Buffers;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>A whole state on its way to one replica, chunk by chunk as they are asked for. Dispose it, or the tree keeps what it pins.</summary>
internal sealed class StateTransfer(ReadOnlyMemory<byte> replica, ulong request, FrozenState state) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _pairs = new();
    private LsmCursor? _cursor;
    private ulong _length;
    private ulong _hash;
    private uint _next;
    private byte[] _lastPayload = [];

    /// <summary>The catch-up that it answers.</summary>
    public ulong Request => request;

    /// <summary>When a chunk was asked for last.</summary>
    public TimeSpan AskedAt { get; set; }

    /// <summary>The last entry that is in the state.</summary>
    public ulong Index => state.Position.Index;

    /// <summary>Whether it is for that replica.</summary>
    public bool IsFor(ReadOnlySpan<byte> identity) => replica.Span.SequenceEqual(identity);

    /// <summary>The payload with a chunk: the next one, or the one before it once more. Null for any other.</summary>
    public async Task<byte[]?> ReadAsync(uint number, int bytesMax, CancellationToken cancellationToken)
    {
        if (_next > 0 && number == _next - 1)
        {
            return _lastPayload;
        }

        if (number != _next)
        {
            return null;
        }

        if (_cursor is null)
        {
            _cursor = state.OpenCursor();
            await _cursor.MoveToFirstAsync(cancellationToken);
        }
        else if (!_cursor.IsValid)
        {
            return null;
        }

        _pairs.ResetWrittenCount();
        await FrozenState.ReadChunkAsync(_cursor, _pairs, bytesMax, cancellationToken);
        _hash = StagedState.NextHash(_hash, _pairs.WrittenSpan);
        _length += (ulong)_pairs.WrittenCount;
        bool isLast = !_cursor.IsValid;
        _lastPayload = new StateChunkMessage(
            request, state.Position, _next, isLast, isLast ? _length : 0, isLast ? _hash : 0, _pairs.WrittenMemory).Encode();
        _next++;
        return _lastPayload;
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
