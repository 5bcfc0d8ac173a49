// Accepts connections and shakes hands with all of them at once, so that one that stalls holds up nobody; hands out those with whom it agreed. The bound on connections that are in their handshake
// or wait counts for both together: more stay with the listener below.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>A listener whose connections have proved who they are.</summary>
internal sealed class TlsListener : IListener
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly IListener _inner;
    private readonly Func<TlsHandshake> _createHandshake;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TaskScope _scope;
    private readonly SemaphoreSlim _room;
    private readonly Mailbox<TlsConnection> _ready;

    public TlsListener(IListener inner, Func<TlsHandshake> createHandshake, int pendingMax, TaskScope scope, TimeProvider clock, ILogger logger)
    {
        _inner = inner;
        _createHandshake = createHandshake;
        _clock = clock;
        _logger = logger;
        _scope = scope;
        _room = new SemaphoreSlim(pendingMax);
        _ready = new Mailbox<TlsConnection>(pendingMax);
        scope.Run("accept", AcceptAllAsync);
    }

    /// <inheritdoc/>
    public NetworkAddress LocalAddress => _inner.LocalAddress;

    /// <inheritdoc/>
    public async ValueTask<IConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _ready.WaitToReceiveAsync(cancellationToken))
        {
            ObjectDisposedException.ThrowIf(_ready.IsClosed, this);
            if (_ready.TryReceive(out TlsConnection connection))
            {
                _room.Release();
                return connection;
            }
        }

        throw new ObjectDisposedException(nameof(TlsListener));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ready.Close();
        await _inner.DisposeAsync();
        await _scope.StopAsync();
        while (_ready.TryReceive(out TlsConnection connection))
        {
            connection.Abort();
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _room.WaitAsync(cancellationToken);
            try
            {
                IConnection connection = await _inner.AcceptAsync(cancellationToken);
                if (!await TryStartAsync(connection))
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (NetworkException exception)
            {
                _room.Release();
                TlsLog.AcceptFailed(_logger, exception.Message);
                await _clock.DelayAsync(AcceptRetryDelay, cancellationToken);
            }
        }
    }

    private async Task<bool> TryStartAsync(IConnection connection)
    {
        try
        {
            _scope.Run("handshake", token => ShakeHandsAsync(connection, token));
            return true;
        }
        catch (ScopeStoppedException)
        {
            connection.Abort();
            await connection.DisposeAsync();
            return false;
        }
    }

    private async Task ShakeHandsAsync(IConnection connection, CancellationToken cancellationToken)
    {
        bool isWaiting = false;
        try
        {
            TlsConnection accepted = await _createHandshake().AcceptAsync(connection, cancellationToken);
            isWaiting = _ready.TryPost(accepted);
            if (!isWaiting)
            {
                accepted.Abort();
                await accepted.DisposeAsync();
            }
        }
        catch (NetworkException exception)
        {
            TlsLog.Refused(_logger, connection.RemoteAddress, exception.Message);
        }
        finally
        {
            if (!isWaiting)
            {
                _room.Release();
            }
        }
    }
}
