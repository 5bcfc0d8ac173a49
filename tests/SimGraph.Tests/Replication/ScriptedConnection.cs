using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>A connection that delivers given bytes in pieces of given sizes, then ends.</summary>
internal sealed class ScriptedConnection(byte[] incoming, Func<int> nextPieceLength) : IConnection
{
    private int _position;

    public NetworkAddress LocalAddress { get; } = new("here", 1);

    public NetworkAddress RemoteAddress { get; } = new("there", 2);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Assert.False(buffer.IsEmpty, "a read into an empty buffer would look like the end of the stream");
        int count = Math.Min(Math.Min(Math.Max(nextPieceLength(), 1), buffer.Length), incoming.Length - _position);
        incoming.AsMemory(_position, count).CopyTo(buffer);
        _position += count;
        return ValueTask.FromResult(count);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void CompleteWrites()
    {
    }

    public void Abort()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
