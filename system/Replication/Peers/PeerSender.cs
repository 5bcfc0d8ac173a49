// Sends this node's messages to one peer over a connection that this node dials, when there is something to send. Answers come over the peer's own
// connection. Raft bears lost messages, so nothing here is retried: what cannot be sent is dropped, and the core is told that the peer was not
// reachable, whereupon it probes. Where the peer is, PeerRoute says, attempt by attempt.
//
// A connection that has reached its age, or that nobody needs, is ended between two frames: this side completes its writes, and dials anew, if there is something to send, once the other has read
// everything and closed. Nothing is lost and nobody is told.
//
// Concurrency model: one task dials and writes, a second one reads each connection; the event loop queues messages and collects reports; the watch
// aborts. Fault model: connections refuse, hang, break in mid-frame, fall silent; the peer is another node than it should be.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Peers;

/// <summary>The way to one peer. Thread-safe.</summary>
internal sealed partial class PeerSender
{
    private const int SmallOutboxBytes = 2048;

    private readonly object _gate = new();
    private readonly IPlatform _platform;
    private readonly ReplicaOptions _options;
    private readonly ReplicaInbox _inbox;
    private readonly TaskScope _scope;
    private readonly ILogger _logger;
    private readonly NetworkAddress? _address;
    private readonly bool _hasFixedRoute;
    private readonly PeerRoute _route;
    private readonly PeerDirectory _directory;
    private readonly Outbox _outbox;
    private readonly Random _jitter;
    private readonly Random _ages;
    private readonly Random _transferIds;
    private readonly FrameWriter _chunks = new();
    private SnapshotTransfer? _transfer;
    private SnapshotTransfer? _kept;
    private TimeSpan _keptUntil;
    private bool _retired;
    private bool _unreachable;
    private bool? _delivered;
    private PeerSession? _session;
    private NetworkAddress? _reachedAt;
    private bool _connectedBefore;
    private int _failedAttempts;

    public PeerSender(
        IPlatform platform, ReplicaOptions options, NodeId peer, NetworkAddress? address, PeerDirectory directory, ReplicaInbox inbox, TaskScope scope, ILogger logger)
    {
        _platform = platform;
        _options = options;
        _inbox = inbox;
        _scope = scope;
        _logger = logger;
        Peer = peer;
        _address = address;
        _hasFixedRoute = options.DialAddresses.TryGetValue(peer, out NetworkAddress dialled);
        _route = new PeerRoute(_hasFixedRoute ? dialled : address);
        _directory = directory;
        _jitter = platform.Random.Get($"repl.reconnect.{peer.Value}");
        _ages = platform.Random.Get($"repl.connection-age.{peer.Value}");
        _transferIds = platform.Random.Get($"repl.transfer.{peer.Value}");
        _outbox = new Outbox(platform.Probes.Buggify("repl.small-outbox") ? SmallOutboxBytes : options.OutboxBytesMax);
    }

    /// <summary>Whom it sends to.</summary>
    public NodeId Peer { get; }

    /// <summary>Where it is by the membership, or by its own word; null if neither says.</summary>
    public NetworkAddress? Address => _address;

    /// <summary>Where clients may reach it: where this node did last, if nothing but this node's own configuration led it there.</summary>
    public NetworkAddress? AddressForClients
    {
        get
        {
            lock (_gate)
            {
                return _reachedAt ?? _address;
            }
        }
    }

    /// <summary>Bytes that wait.</summary>
    public int QueuedBytes => _outbox.QueuedBytes;

    /// <summary>Starts its task in the scope it was given.</summary>
    public void Start() => _scope.Run("send", RunAsync);

    /// <summary>Queues a message, or drops it and remembers to report that.</summary>
    public void Send(ConsensusMessage message)
    {
        if (!_outbox.TryAdd(new ConsensusPayload(message)))
        {
            _platform.Probes.Reachable("repl.outbox-full");
            Report(unreachable: true, delivered: null);
        }
    }

    /// <summary>Ends its tasks and gives up what it holds.</summary>
    public async Task RetireAsync()
    {
        await _scope.StopAsync(_options.StopLimit);
        Discard();
    }

    /// <summary>Gives up what it holds. Call when its tasks have ended.</summary>
    public void Discard()
    {
        SnapshotTransfer? transfer;
        SnapshotTransfer? kept;
        lock (_gate)
        {
            _retired = true;
            (transfer, kept) = (_transfer, _kept);
            _transfer = null;
            _kept = null;
        }

        transfer?.Dispose();
        kept?.Dispose();
    }

    /// <summary>Takes what happened since the last call.</summary>
    public PeerReport TakeReport()
    {
        lock (_gate)
        {
            var report = new PeerReport(_unreachable, _delivered);
            _unreachable = false;
            _delivered = null;
            return report;
        }
    }

    /// <summary>Aborts a connection that takes no bytes or gives no pongs, and ends one that is old or idle. Call now and then.</summary>
    public void Watch()
    {
        PeerSession? session;
        SnapshotTransfer? expired = null;
        lock (_gate)
        {
            session = _session;
            if (_kept is not null && _platform.Clock.Elapsed() >= _keptUntil)
            {
                expired = _kept;
                _kept = null;
            }
        }

        expired?.Dispose();
        session?.AbortIfStalled(_options.WriteLimit);

        // In time before the other side takes it for dead.
        session?.RetireIfDue(_options.IdleLimit / 2);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (!HasWork())
            {
                await _outbox.WaitAsync(cancellationToken);
            }

            string reason;
            NetworkAddress? address = _hasFixedRoute ? _route.Next(null) : _route.Next(_directory.DiscoveredOf(Peer), _directory.ClaimedBy(Peer));
            try
            {
                if (await ServeConnectionAsync(address, cancellationToken))
                {
                    _platform.Probes.Reachable("repl.peer-connection-retired");
                    ReplicationLog.PeerConnectionRetired(_logger, Peer, address);
                    continue;
                }

                reason = "the peer closed the connection";
            }
            catch (Exception exception) when (ConnectionFailure.IsExpected(exception) || DeviceFailure.Is(exception))
            {
                // A state that could not be read costs the connection: the peer must not wait for the rest of it.
                reason = exception.Message;
            }

            ReplicationLog.PeerFailed(_logger, Peer, address, reason);
            _route.Failed();
            Abandon();
            await _platform.Clock.DelayAsync(NextDelay(), cancellationToken);
        }
    }

    private bool HasWork()
    {
        lock (_gate)
        {
            return _transfer is not null || _outbox.QueuedBytes > 0;
        }
    }

    // True when the connection was ended as planned, and nothing of what was sent can be lost.
    private async Task<bool> ServeConnectionAsync(NetworkAddress? dialAddress, CancellationToken cancellationToken)
    {
        if (dialAddress is not { } address)
        {
            throw new NetworkException(NetworkError.Unreachable, "nobody knows any more where it is");
        }

        var hello = new HandshakeRequest(
            HandshakeRequest.CurrentVersion, HandshakeRole.Peer, _options.Self.Value, Peer.Value, _options.ClusterId, _options.Address.ToString());
        var limits = new DialLimits(_options.ConnectLimit, _options.HandshakeLimit, FrameFormat.HandshakePayloadMax);
        DialledConnection dialled = await DialledConnection.DialAsync(_platform, address, hello, limits, cancellationToken);
        ScopedTask? reading = null;
        try
        {
            if (dialled.Node != Peer.Value)
            {
                throw new ProtocolException($"{address} is node {dialled.Node}, not node {Peer.Value}: check the member addresses");
            }

            var session = new PeerSession(dialled, _platform.Clock, _outbox, ConnectionAge.Draw(_options.ConnectionAgeLimit, _ages));
            Enter(session, address);
            reading = _scope.Run("read", session.ReadAsync);
            await PumpAsync(session, cancellationToken);
            return !session.IsBroken && await session.FinishAsync(_options.ConnectionRenewalLimit);
        }
        finally
        {
            Leave();
            dialled.Connection.Abort();
            if (reading is not null)
            {
                await reading.Completion;
            }

            await dialled.Connection.DisposeAsync();
        }
    }

    private async Task PumpAsync(PeerSession session, CancellationToken cancellationToken)
    {
        while (!session.IsBroken && !session.IsRetired)
        {
            if (_outbox.Take() is { } frames)
            {
                session.AddPing(frames, _options.HeartbeatInterval);
                await session.WriteAsync(frames, cancellationToken);
            }
            else if (TakeTransfer() is { } transfer)
            {
                await StreamAsync(session, transfer, cancellationToken);
            }
            else
            {
                await _outbox.WaitAsync(cancellationToken);
            }
        }
    }

    private void Enter(PeerSession session, NetworkAddress address)
    {
        lock (_gate)
        {
            _session = session;
            _reachedAt = _hasFixedRoute ? null : address;
        }

        _route.Succeeded(address);
        _failedAttempts = 0;
        ReplicationLog.PeerConnected(_logger, Peer, address);
        if (!_hasFixedRoute && address != _address)
        {
            _platform.Probes.Reachable("repl.peer-found-by-discovery");
        }

        if (_connectedBefore)
        {
            _platform.Probes.Reachable("repl.reconnected");
        }

        _connectedBefore = true;
    }

    private void Leave()
    {
        lock (_gate)
        {
            _session = null;
        }
    }

    // What waited is stale by the time the peer answers again: the core sends anew once it is told.
    private void Abandon()
    {
        _outbox.Take()?.Clear();
        SnapshotTransfer? transfer = TakeTransfer();
        transfer?.Dispose();
        Report(unreachable: true, delivered: transfer is null ? null : false);
    }

    private void Report(bool unreachable, bool? delivered)
    {
        lock (_gate)
        {
            _unreachable |= unreachable;
            _delivered = delivered ?? _delivered;
        }

        _inbox.Wake();
    }

    private TimeSpan NextDelay()
    {
        int doublings = Math.Min(_failedAttempts++, 16);
        TimeSpan delay = _options.ReconnectDelayMin * (1 << doublings);
        if (delay > _options.ReconnectDelayMax)
        {
            delay = _options.ReconnectDelayMax;
        }

        return delay * (0.5 + (0.5 * _jitter.NextDouble()));
    }
}
