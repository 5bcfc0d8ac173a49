using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>One end of an in-memory connection.</summary>
internal sealed class FineLaneConnection : IConnection
{
    private const int BlocksMax = 256;
    private readonly Mailbox<byte[]> _incoming;
    private readonly Mailbox<byte[]> _outgoing;
    private readonly Action<FineLaneConnection> _disposed;
    private readonly Wire _wire;
    private byte[] _rest = [];

    private FineLaneConnection(
        NetworkAddress local,
        NetworkAddress remote,
        Mailbox<byte[]> incoming,
        Mailbox<byte[]> outgoing,
        Wire wire,
        Action<FineLaneConnection> disposed)
    {
        LocalAddress = local;
        RemoteAddress = remote;
        _incoming = incoming;
        _outgoing = outgoing;
        _wire = wire;
        _disposed = disposed;
    }

    public NetworkAddress LocalAddress { get; }

    public NetworkAddress RemoteAddress { get; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.Length == 0)
        {
            bool any = await _incoming.WaitToReceiveAsync(cancellationToken);
            ThrowIfReset();
            if (!any)
            {
                return 0;
            }

            if (_incoming.TryReceive(out byte[] block))
            {
                _rest = block;
            }
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer.Span);
        _rest = _rest[count..];
        return count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await Task.Yield();
        ThrowIfReset();
        if (buffer.Length > 0 && !await _outgoing.PostAsync(buffer.ToArray(), cancellationToken))
        {
            ThrowIfReset();
            throw new NetworkException(NetworkError.Aborted, "the writes are completed");
        }
    }

    public void CompleteWrites() => _outgoing.Close();

    public void Abort()
    {
        _wire.Reset();
        _incoming.Close();
        _outgoing.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        Abort();
        _disposed(this);
    }

    internal static (FineLaneConnection Near, FineLaneConnection Far) CreatePair(
        NetworkAddress near, NetworkAddress far, Action<FineLaneConnection> disposed)
    {
        var there = new Mailbox<byte[]>(BlocksMax);
        var back = new Mailbox<byte[]>(BlocksMax);
        var wire = new Wire();
        return (
            new FineLaneConnection(near, far, back, there, wire, disposed),
            new FineLaneConnection(far, near, there, back, wire, disposed));
    }

    private void ThrowIfReset()
    {
        if (_wire.IsReset)
        {
            throw new NetworkException(NetworkError.Reset, $"the connection between {LocalAddress} and {RemoteAddress} was reset");
        }
    }

    private sealed class Wire
    {
        private volatile bool _isReset;

        internal bool IsReset => _isReset;

        internal void Reset() => _isReset = true;
    }
}
