// Accepts connections of peers and clients, reads what they say and posts it to the event loop.
//
// Concurrency model: one task accepts; one task per connection reads, and one more per client connection writes; all in the scope that is given.
// Fault model: strangers, garbage, silence, floods, a peer that dials again while its old connection still looks alive. Each costs bounded memory
// and its own connection, nothing else; silence never holds a stop, because every wait takes the scope's token.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup.Serving;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Peers;

/// <summary>The accepting side of a node.</summary>
internal sealed class InboundServer
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly IPlatform _platform;
    private readonly ReplicaOptions _options;
    private readonly ReplicaInbox _inbox;
    private readonly ReplicatedStateMachine _machine;
    private readonly TaskScope _scope;
    private readonly ILogger _logger;
    private readonly InboundRegistry _registry;
    private readonly IListener _listener;
    private readonly PeerDirectory _directory;
    private readonly SnapshotShelf _shelf;
    private readonly BackupSlots _backups;

    private InboundServer(
        IPlatform platform,
        ReplicaOptions options,
        ReplicaInbox inbox,
        ReplicatedStateMachine machine,
        PeerDirectory directory,
        TaskScope scope,
        ILogger logger,
        IListener listener)
    {
        _directory = directory;
        _shelf = new SnapshotShelf(platform.Clock, options.SnapshotKeepLimit);
        _backups = new BackupSlots(options.BackupsMax);
        _platform = platform;
        _options = options;
        _inbox = inbox;
        _machine = machine;
        _scope = scope;
        _logger = logger;
        _listener = listener;
        _registry = new InboundRegistry(
            platform.Clock,
            options.PendingHandshakesMax,
            options.ClientConnectionsMax,
            options.ConnectionAgeLimit,
            platform.Random.Get("repl.connection-age"));
    }

    /// <summary>The address in use.</summary>
    public NetworkAddress Address => _listener.LocalAddress;

    /// <summary>Takes the port; accepts nobody before <see cref="Start"/>.</summary>
    /// <exception cref="NetworkException">The address is in use or not of this machine.</exception>
    public static async Task<InboundServer> OpenAsync(
        IPlatform platform,
        ReplicaOptions options,
        ReplicaInbox inbox,
        ReplicatedStateMachine machine,
        PeerDirectory directory,
        TaskScope scope,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        IListener listener = await platform.Network.ListenAsync(options.EffectiveListenAddress, cancellationToken);
        return new InboundServer(platform, options, inbox, machine, directory, scope, logger, listener);
    }

    /// <summary>Begins to accept.</summary>
    public void Start() => _scope.Run("accept", AcceptAsync);

    /// <summary>Ends connections that are silent, stuck or old, and gives up what was kept for too long. Call now and then.</summary>
    public async Task WatchAsync()
    {
        foreach (InboundConnection connection in _registry.ToArray())
        {
            if (connection.EndIfDue(_options))
            {
                _platform.Probes.Reachable("repl.client-connection-retired");
            }
        }

        if (_shelf.TakeExpired() is { } expired)
        {
            await expired.AbandonAsync();
        }
    }

    /// <summary>Closes the port and resets every connection: what the node would say from here on cannot be trusted.</summary>
    public async Task AbortAsync()
    {
        _registry.Close();
        foreach (InboundConnection connection in _registry.ToArray())
        {
            connection.Connection.Abort();
        }

        await _listener.DisposeAsync();
    }

    /// <summary>Closes the port, lets clients take their last answers within the limit, and resets what is left. Idempotent.</summary>
    public async Task CloseAsync(TimeSpan drainLimit)
    {
        _registry.Close();
        await _listener.DisposeAsync();
        foreach (InboundConnection connection in _registry.ToArray())
        {
            if (connection.Client is { } client)
            {
                client.Close();
            }
            else
            {
                connection.Connection.Abort();
            }
        }

        await _registry.ClientsGone.WaitAsync(_platform.Clock, drainLimit);
        foreach (InboundConnection connection in _registry.ToArray())
        {
            connection.Connection.Abort();
        }
    }

    /// <summary>Gives up what is left of snapshots. Call when no connection is served any more.</summary>
    public Task DiscardAsync() => _shelf.CloseAsync();

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IConnection connection;
            try
            {
                connection = await _listener.AcceptAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (NetworkException exception)
            {
                ReplicationLog.AcceptFailed(_logger, exception.Message);
                await _platform.Clock.DelayAsync(AcceptRetryDelay, cancellationToken);
                continue;
            }

            if (!TryStart(connection))
            {
                connection.Abort();
                await connection.DisposeAsync();
            }
        }
    }

    private bool TryStart(IConnection connection)
    {
        if (_registry.TryAdmit(connection) is not { } admitted)
        {
            ReplicationLog.Refused(_logger, connection.RemoteAddress, "too many connections wait for their handshake, or the node stops");
            return false;
        }

        try
        {
            _scope.Run("connection", token => ServeAsync(admitted, token));
            return true;
        }
        catch (ScopeStoppedException)
        {
            _registry.Remove(admitted);
            return false;
        }
    }

    private async Task ServeAsync(InboundConnection inbound, CancellationToken cancellationToken)
    {
        string reason = "the other side closed it";
        try
        {
            await ConverseAsync(inbound, cancellationToken);
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            reason = exception.Message;
        }
        finally
        {
            inbound.Connection.Abort();
            await inbound.Connection.DisposeAsync();
            _registry.Remove(inbound);
        }

        ReplicationLog.InboundEnded(_logger, inbound.Connection.RemoteAddress, reason);
    }

    private async Task ConverseAsync(InboundConnection inbound, CancellationToken cancellationToken)
    {
        var reader = new FrameReader(inbound.Connection, FrameFormat.HandshakePayloadMax);
        if (await ShakeHandsAsync(inbound, reader, cancellationToken) is not { } hello)
        {
            return;
        }

        inbound.Touch();
        if (hello.Role == HandshakeRole.Peer)
        {
            reader.PayloadMax = _options.FramePayloadMax;
            var peer = new InboundPeer(_options, _inbox, _machine, _shelf, inbound, reader, new NodeId(hello.From));
            await peer.ReadAsync(cancellationToken);
        }
        else
        {
            reader.PayloadMax = _options.RequestBytesMax + ClientRequest.HeaderLength;
            var backups = new BackupDesk(_options, _inbox, inbound, _backups);
            var client = new InboundClient(_inbox, inbound, reader, backups, _scope, _options.DefaultAcknowledgement);
            await client.ServeAsync(cancellationToken);
        }
    }

    // Null when the other side was refused, or did not speak in time.
    private async Task<HandshakeRequest?> ShakeHandsAsync(InboundConnection inbound, FrameReader reader, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(_platform.Clock, _options.HandshakeLimit, cancellationToken);
        try
        {
            if (await ReadHelloAsync(reader, deadline.Token) is not { } hello)
            {
                return null;
            }

            (HandshakeVerdict verdict, string reason) = Judge(inbound, hello);
            var writer = new FrameWriter();
            writer.Write(new HandshakeReply(HandshakeRequest.CurrentVersion, _options.Self.Value, verdict, reason));
            await inbound.Connection.WriteAsync(writer.Written, deadline.Token);
            if (verdict == HandshakeVerdict.Accepted)
            {
                return hello;
            }

            ReplicationLog.Refused(_logger, inbound.Connection.RemoteAddress, reason);
            await LingerAsync(inbound.Connection, deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"no handshake within {_options.HandshakeLimit.TotalSeconds:0.###} s");
        }
    }

    private static async Task<HandshakeRequest?> ReadHelloAsync(FrameReader reader, CancellationToken cancellationToken)
    {
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!reader.TryRead(out kind, out payload))
        {
            if (!await reader.FillAsync(cancellationToken))
            {
                return null;
            }
        }

        return kind == FrameKind.HandshakeRequest
            ? HandshakeRequest.Decode(payload.Span)
            : throw new ProtocolException($"the first frame is of kind {(byte)kind}, not a handshake");
    }

    // A reset would overtake the refusal: the other side closes first, or the handshake limit ends it.
    private static async Task LingerAsync(IConnection connection, CancellationToken cancellationToken)
    {
        connection.CompleteWrites();
        byte[] ignored = new byte[256];
        while (await connection.ReadAsync(ignored, cancellationToken) > 0)
        {
        }
    }

    private (HandshakeVerdict Verdict, string Reason) Judge(InboundConnection inbound, HandshakeRequest hello)
    {
        if (hello.Version != HandshakeRequest.CurrentVersion)
        {
            return (HandshakeVerdict.Refused, $"protocol version {hello.Version} is not {HandshakeRequest.CurrentVersion}");
        }

        if (hello.ClusterId != _options.ClusterId)
        {
            return (HandshakeVerdict.Refused, "another cluster");
        }

        if (hello.To != 0 && hello.To != _options.Self.Value)
        {
            return (HandshakeVerdict.Refused, $"this is node {_options.Self.Value}, not node {hello.To}");
        }

        return hello.Role == HandshakeRole.Peer ? JudgePeer(inbound, hello) : JudgeClient(inbound);
    }

    // Not only members: a node may be added, or lead, before this one hears of its membership (dissertation 4.1).
    private (HandshakeVerdict Verdict, string Reason) JudgePeer(InboundConnection inbound, HandshakeRequest hello)
    {
        var from = new NodeId(hello.From);
        if (hello.From < 1 || from == _options.Self)
        {
            return (HandshakeVerdict.Refused, $"node {hello.From} is not another node");
        }

        if (!_directory.TryLearn(from, hello.Address))
        {
            return (HandshakeVerdict.Busy, $"'{hello.Address}' is not an address, or too many nodes that are no members speak to this one");
        }

        if (_registry.BecomePeer(inbound, from) is { } replaced)
        {
            // The peer knows best which of its connections lives: the older one may be half open.
            _platform.Probes.Reachable("repl.duplicate-connection-replaced");
            replaced.Connection.Abort();
        }

        return (HandshakeVerdict.Accepted, string.Empty);
    }

    private (HandshakeVerdict Verdict, string Reason) JudgeClient(InboundConnection inbound)
    {
        var link = new ClientLink(inbound.Connection, _platform.Clock, _options.PipelinedRequestsMax, _options.FramePayloadMax);
        return _registry.TryBecomeClient(inbound, link) ? (HandshakeVerdict.Accepted, string.Empty) : (HandshakeVerdict.Busy, "too many clients");
    }
}
