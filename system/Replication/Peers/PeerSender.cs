// Sends this node's messages to one peer over a connection that this node dials, when there is something to send. Answers come over the peer's own
// connection. Raft bears lost messages, so nothing here is retried: what cannot be sent is dropped, and the core is told that the peer was not
// reachable, whereupon it probes.
//
// A snapshot that a broken connection interrupted is kept for a while: if the core asks for one again, and it still reaches back to the start of the log, it goes on
// where the receiver got to.
//
// Concurrency model: one task dials and writes, a second one reads each connection; the event loop queues messages and collects reports; the watch
// aborts. Fault model: connections refuse, hang, break in mid-frame, fall silent; the peer is another node than it should be.

using System.Buffers;
using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Peers;

/// <summary>The way to one peer. Thread-safe.</summary>
internal sealed class PeerSender
{
    private const int SmallOutboxBytes = 2048;

    private readonly object _gate = new();
    private readonly IPlatform _platform;
    private readonly ReplicaOptions _options;
    private readonly ReplicaInbox _inbox;
    private readonly TaskScope _scope;
    private readonly ILogger _logger;
    private readonly NetworkAddress _address;
    private readonly NetworkAddress _dialAddress;
    private readonly Outbox _outbox;
    private readonly Random _jitter;
    private readonly Random _transferIds;
    private readonly FrameWriter _chunks = new();
    private SnapshotTransfer? _transfer;
    private SnapshotTransfer? _kept;
    private TimeSpan _keptUntil;
    private bool _retired;
    private bool _unreachable;
    private bool? _delivered;
    private PeerSession? _session;
    private bool _connectedBefore;
    private int _failedAttempts;

    public PeerSender(
        IPlatform platform, ReplicaOptions options, NodeId peer, NetworkAddress address, ReplicaInbox inbox, TaskScope scope, ILogger logger)
    {
        _platform = platform;
        _options = options;
        _inbox = inbox;
        _scope = scope;
        _logger = logger;
        Peer = peer;
        _address = address;
        _dialAddress = options.DialAddresses.TryGetValue(peer, out NetworkAddress dialled) ? dialled : address;
        _jitter = platform.Random.Get($"repl.reconnect.{peer.Value}");
        _transferIds = platform.Random.Get($"repl.transfer.{peer.Value}");
        _outbox = new Outbox(platform.Probes.Buggify("repl.small-outbox") ? SmallOutboxBytes : options.OutboxBytesMax);
    }

    /// <summary>Whom it sends to.</summary>
    public NodeId Peer { get; }

    /// <summary>Where it is reached.</summary>
    public NetworkAddress Address => _address;

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

    /// <summary>Queues a snapshot and the message that speaks of it; replaces one that was not begun yet.</summary>
    public void SendSnapshot(ConsensusMessage asked, FrozenState state)
    {
        var transfer = new SnapshotTransfer(About(asked, state), state, NextTransferId());
        SnapshotTransfer? replaced;
        SnapshotTransfer? kept;
        bool isRetired;
        lock (_gate)
        {
            isRetired = _retired;
            replaced = isRetired ? transfer : _transfer;
            kept = _kept;
            _kept = null;
            _transfer = isRetired ? null : transfer;
        }

        replaced?.Dispose();
        kept?.Dispose();
        _outbox.Wake();
    }

    /// <summary>Goes on with an interrupted snapshot, if there is one and it is not older than the one that is asked for.</summary>
    public bool TryResumeSnapshot(ConsensusMessage asked)
    {
        lock (_gate)
        {
            if (_kept is not { } kept || _transfer is not null || kept.State.Position.Index < asked.Snapshot.Index)
            {
                return false;
            }

            kept.Message = About(asked, kept.State);
            _transfer = kept;
            _kept = null;
        }

        _outbox.Wake();
        return true;
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

    /// <summary>Aborts a connection that takes no bytes or gives no pongs. Call now and then.</summary>
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
            try
            {
                await ServeConnectionAsync(cancellationToken);
                reason = "the peer closed the connection";
            }
            catch (Exception exception) when (ConnectionFailure.IsExpected(exception) || DeviceFailure.Is(exception))
            {
                // A state that could not be read costs the connection: the peer must not wait for the rest of it.
                reason = exception.Message;
            }

            ReplicationLog.PeerFailed(_logger, Peer, _address, reason);
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

    private async Task ServeConnectionAsync(CancellationToken cancellationToken)
    {
        var hello = new HandshakeRequest(
            HandshakeRequest.CurrentVersion, HandshakeRole.Peer, _options.Self.Value, Peer.Value, _options.ClusterId, _options.Address.ToString());
        var limits = new DialLimits(_options.ConnectLimit, _options.HandshakeLimit, FrameFormat.HandshakePayloadMax);
        DialledConnection dialled = await DialledConnection.DialAsync(_platform, _dialAddress, hello, limits, cancellationToken);
        ScopedTask? reading = null;
        try
        {
            if (dialled.Node != Peer.Value)
            {
                throw new ProtocolException($"{_address} is node {dialled.Node}, not node {Peer.Value}: check the member addresses");
            }

            var session = new PeerSession(dialled, _platform.Clock, _outbox);
            Enter(session);
            reading = _scope.Run("read", session.ReadAsync);
            await PumpAsync(session, cancellationToken);
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
        while (!session.IsBroken)
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

    private async Task StreamAsync(PeerSession session, SnapshotTransfer transfer, CancellationToken cancellationToken)
    {
        bool delivered = false;
        bool isKept = false;
        try
        {
            SnapshotMark from = await AgreeAsync(session, transfer, cancellationToken);
            long length = await StreamStateAsync(session, transfer, from, cancellationToken);
            _chunks.Write(new ConsensusPayload(transfer.Message));
            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            delivered = true;
            _platform.Probes.Reachable("repl.snapshot-sent");
            ReplicationLog.SnapshotSent(_logger, Peer, transfer.State.Position.Index, length);
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            isKept = true;
            Keep(transfer);
            throw;
        }
        finally
        {
            if (!isKept)
            {
                transfer.Dispose();
            }

            Report(unreachable: false, delivered);
        }
    }

    // What the receiver holds must be the beginning of this very content, or everything is sent.
    private async Task<SnapshotMark> AgreeAsync(PeerSession session, SnapshotTransfer transfer, CancellationToken cancellationToken)
    {
        while (true)
        {
            session.ExpectResume();
            _chunks.Clear();
            _chunks.Write(new SnapshotHeader(transfer.State.Position, transfer.Id));
            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            SnapshotResume held = await ReadResumeAsync(session, cancellationToken);
            if (held.Transfer == transfer.Id && transfer.Find(held.DataLength, held.DataHash) is { } from)
            {
                _platform.Probes.Sometimes(from.Length > 0, "repl.snapshot-resumed");
                return from;
            }

            transfer.BeginAnew(NextTransferId());
        }
    }

    private async Task<SnapshotResume> ReadResumeAsync(PeerSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (session.TakeResume() is { } held)
            {
                return held;
            }

            if (session.IsBroken)
            {
                throw new NetworkException(NetworkError.Reset, $"the connection to {_address} broke before a snapshot could begin");
            }

            if (_outbox.Take() is { } frames)
            {
                await session.WriteAsync(frames, cancellationToken);
            }
            else
            {
                await _outbox.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task<long> StreamStateAsync(PeerSession session, SnapshotTransfer transfer, SnapshotMark from, CancellationToken cancellationToken)
    {
        var pairs = new ArrayBufferWriter<byte>();
        long length = from.Length;
        ulong hash = from.Hash;
        await using LsmCursor cursor = transfer.State.OpenCursor();
        if (from.Next is { } next)
        {
            await cursor.SeekAsync(next, cancellationToken);
        }

        while (cursor.IsValid)
        {
            pairs.ResetWrittenCount();
            await FrozenState.ReadChunkAsync(cursor, pairs, _options.SnapshotChunkBytes, cancellationToken);
            hash = StagedState.NextHash(hash, pairs.WrittenSpan);
            length += pairs.WrittenCount;
            transfer.Note(new SnapshotMark(length, hash, cursor.IsValid ? cursor.Key.ToArray() : null));
            _chunks.Write(new SnapshotChunk(pairs.WrittenMemory));

            // Messages of the core, heartbeats above all, must not wait behind a whole state.
            if (_outbox.Take() is { } frames)
            {
                await session.WriteAsync(frames, cancellationToken);
            }

            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            if (_platform.Probes.Buggify("repl.break-snapshot"))
            {
                session.Connection.Abort();
            }
        }

        _chunks.Write(new SnapshotEnd((ulong)length, hash));
        return length;
    }

    private void Keep(SnapshotTransfer transfer)
    {
        SnapshotTransfer? replaced;
        lock (_gate)
        {
            replaced = _kept;
            _kept = transfer;
            _keptUntil = _platform.Clock.Elapsed() + _options.SnapshotKeepLimit;
        }

        replaced?.Dispose();
    }

    private ulong NextTransferId() => 1 + (ulong)_transferIds.NextInt64(long.MaxValue);

    private static ConsensusMessage About(ConsensusMessage asked, FrozenState state) => new()
    {
        Kind = asked.Kind,
        From = asked.From,
        To = asked.To,
        Term = asked.Term,
        Snapshot = state.Position,
        SnapshotMembership = state.Membership,
    };

    private SnapshotTransfer? TakeTransfer()
    {
        lock (_gate)
        {
            SnapshotTransfer? transfer = _transfer;
            _transfer = null;
            return transfer;
        }
    }

    private void Enter(PeerSession session)
    {
        lock (_gate)
        {
            _session = session;
        }

        _failedAttempts = 0;
        ReplicationLog.PeerConnected(_logger, Peer, _address);
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
