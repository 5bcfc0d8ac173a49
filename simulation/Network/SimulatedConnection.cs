// One end of a connection, as a process sees it, and as its kernel does after the process has let go of it.

using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>One end of a simulated connection.</summary>
internal sealed class SimulatedConnection : IConnection
{
    /// <summary>How long an accepting kernel waits for the last step of a handshake: five retransmissions of its answer, as on Linux.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(63);

    private readonly SimulatedNetwork _network;
    private readonly Incarnation _process;
    private readonly PendingCall<int> _reading = new();
    private readonly PendingCall<int> _writing = new();
    private BytePipe? _incoming;
    private BytePipe? _outgoing;
    private HandshakeTimer? _handshakeTimer;
    private SimulatedListener? _listener;
    private LedgerEntry? _entry;
    private Memory<byte> _readTarget;
    private ReadOnlyMemory<byte> _writeRest;
    private string? _resetReason;
    private State _state;
    private bool _writesCompleted;

    public SimulatedConnection(
        SimulatedNetwork network, NetworkHost host, Incarnation process, int id, NetworkAddress local, NetworkAddress remote, SimulatedListener? listener)
    {
        _network = network;
        _process = process;
        _listener = listener;
        if (listener is not null)
        {
            _handshakeTimer = new HandshakeTimer(this);
            network.World.Scheduler.Schedule(_handshakeTimer, HandshakeLimit.Ticks);
        }

        Host = host;
        Id = id;
        LocalAddress = local;
        RemoteAddress = remote;
        host.Add(this);
    }

    private enum State
    {
        Open,
        Reset,
        Closed,
        Aborted,
        Vanished,
    }

    /// <inheritdoc/>
    public NetworkAddress LocalAddress { get; }

    /// <inheritdoc/>
    public NetworkAddress RemoteAddress { get; }

    /// <summary>Where it is.</summary>
    public NetworkHost Host { get; }

    /// <summary>Number of the connection in the run; the same for both ends.</summary>
    public int Id { get; }

    /// <summary>Place in the host's list.</summary>
    public int HostIndex { get; set; }

    /// <summary>The direction to the peer.</summary>
    public BytePipe Outgoing => _outgoing!;

    /// <summary>True while the kernel takes bytes for it.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>True when it was disposed without unread bytes.</summary>
    public bool WasClosedInOrder => _state == State.Closed;

    /// <summary>True while a write waits for room.</summary>
    public bool IsWriteWaiting => _writing.IsWaiting;

    private BytePipe Incoming => _incoming!;

    private bool IsClosedHere => _state is State.Closed or State.Aborted or State.Vanished;

    /// <summary>Joins two ends.</summary>
    public static void Join(SimulatedNetwork network, SimulatedConnection first, SimulatedConnection second)
    {
        var there = new BytePipe(network, first.Host.LinkTo(second.Host, network), first, second);
        var back = new BytePipe(network, second.Host.LinkTo(first.Host, network), second, first);
        first._outgoing = second._incoming = there;
        second._outgoing = first._incoming = back;
    }

    /// <summary>The process owns it from here on; the entry is its own.</summary>
    public void HandOut(LedgerEntry entry) => _entry = entry;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("a read of no bytes cannot tell data from the end of the stream", nameof(buffer));
        }

        Invariant.Check(!_reading.IsWaiting, "a connection has one reader at a time");
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (IsClosedHere)
        {
            return ValueTask.FromException<int>(ClosedHere("read from"));
        }

        if (Incoming.Readable > 0)
        {
            return ValueTask.FromResult(Incoming.Read(buffer));
        }

        if (Incoming.HasEnded)
        {
            return ValueTask.FromResult(0);
        }

        if (_state == State.Reset)
        {
            return ValueTask.FromException<int>(ResetByPeer("read from"));
        }

        _readTarget = buffer;
        _reading.Begin(static (end, token) => ((SimulatedConnection)end!).CancelRead(token), this, cancellationToken);
        return _reading.ResultAsync();
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Invariant.Check(!_writing.IsWaiting, "a connection has one writer at a time");
        if (_writesCompleted && !IsClosedHere)
        {
            return ValueTask.FromException(new NetworkException(
                NetworkError.Aborted, $"write to {RemoteAddress}: the writes of this end are completed"));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Abort();
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (_state != State.Open)
        {
            return ValueTask.FromException(IsClosedHere ? ClosedHere("write to") : ResetByPeer("write to"));
        }

        buffer = SendWhatFits(buffer);
        if (buffer.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        _writeRest = buffer;
        _writing.Begin(static (end, token) => ((SimulatedConnection)end!).CancelWrite(token), this, cancellationToken);
        return _writing.EndAsync();
    }

    /// <inheritdoc/>
    public void CompleteWrites()
    {
        if (_writesCompleted)
        {
            return;
        }

        _writesCompleted = true;
        if (_state == State.Open)
        {
            FailWrite(new NetworkException(NetworkError.Aborted, $"write to {RemoteAddress}: the writes of this end were completed meanwhile"));
            _network.World.Trace.Emit(TraceKind.Close, Host.Machine, Id, 1);
            Outgoing.SendEnd();
        }
    }

    /// <inheritdoc/>
    public void Abort() => Close(State.Aborted);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // As the kernel does: what the process has not read makes the close a reset, because the peer's bytes are lost.
        Close(Incoming.Readable > 0 ? State.Aborted : State.Closed);
        return ValueTask.CompletedTask;
    }

    /// <summary>Bytes or the end may have arrived for a read that waits.</summary>
    public void ContinueRead()
    {
        if (!_reading.IsWaiting || (Incoming.Readable == 0 && !Incoming.HasEnded))
        {
            return;
        }

        int length = Incoming.Readable > 0 ? Incoming.Read(_readTarget) : 0;
        _readTarget = default;
        _reading.Complete(length);
    }

    /// <summary>There may be room for a write that waits.</summary>
    public void ContinueWrite()
    {
        if (!_writing.IsWaiting)
        {
            return;
        }

        _writeRest = SendWhatFits(_writeRest);
        if (_writeRest.IsEmpty)
        {
            _writeRest = default;
            _writing.Complete(0);
        }
    }

    /// <summary>The handshake is over: the accepting process may have it.</summary>
    public void BecameEstablished()
    {
        SimulatedListener listener = _listener!;
        EndHandshake();
        listener.Admit(this);
    }

    /// <summary>A reset arrived, or the kernel gave up.</summary>
    public void WasReset(string reason)
    {
        if (_state != State.Open)
        {
            return;
        }

        _state = State.Reset;
        _resetReason = reason;
        _network.World.Trace.Emit(TraceKind.Reset, Host.Machine, Id);
        Outgoing.SenderVanished();
        ForgetHandshake();
        FailWrite(ResetByPeer("write to"));
        if (_reading.IsWaiting)
        {
            _readTarget = default;
            _reading.Fail(ResetByPeer("read from"));
        }
    }

    /// <summary>Its process has ended. Silently: nobody is told, the power is gone.</summary>
    public void ProcessEnded(bool silently)
    {
        if (silently)
        {
            Close(State.Vanished);
        }
        else
        {
            // A kernel that closes for a dead process sends a reset if bytes were unread, and an end otherwise; a proxy or a container's death may turn
            // the end into a reset. Peers must live with both.
            bool reset = Incoming.Readable > 0 || _writing.IsWaiting || _network.Faults.Amount(Host.Machine, 2) == 0;
            Close(reset ? State.Aborted : State.Closed);
        }
    }

    private void Close(State how)
    {
        if (IsClosedHere)
        {
            return;
        }

        bool wasOpen = _state == State.Open;
        _state = how;
        Host.Remove(this);
        if (_process.IsAlive && _entry is not null)
        {
            _process.Ledger.Remove(_entry);
        }

        _entry = null;
        ForgetHandshake();
        if (wasOpen)
        {
            _network.World.Trace.Emit(TraceKind.Close, Host.Machine, Id, 2 + (int)how);
            TellPeer(how);
        }

        FailWrite(ClosedHere("write to"));
        if (_reading.IsWaiting)
        {
            _readTarget = default;
            _reading.Fail(ClosedHere("read from"));
        }
    }

    /// <summary>If a handshake was under way it has failed: its place in the backlog is free.</summary>
    private void ForgetHandshake()
    {
        SimulatedListener? listener = _listener;
        EndHandshake();
        listener?.EndHandshake();
    }

    private void EndHandshake()
    {
        _listener = null;
        if (_handshakeTimer is not null)
        {
            _network.World.Scheduler.Cancel(_handshakeTimer);
            _handshakeTimer = null;
        }
    }

    private void TellPeer(State how)
    {
        switch (how)
        {
            case State.Closed when !_writesCompleted:
                Outgoing.SendEnd();
                break;
            case State.Aborted:
                Outgoing.SendReset();
                break;
            case State.Vanished:
                Outgoing.SenderVanished();
                break;
        }
    }

    private ReadOnlyMemory<byte> SendWhatFits(ReadOnlyMemory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int sent = Outgoing.Send(buffer.Span);
            if (sent == 0)
            {
                break;
            }

            buffer = buffer[sent..];
        }

        return buffer;
    }

    private void CancelRead(CancellationToken cancellationToken)
    {
        if (_reading.IsWaiting)
        {
            _readTarget = default;
            _reading.Fail(new OperationCanceledException(cancellationToken));
        }
    }

    private void CancelWrite(CancellationToken cancellationToken)
    {
        if (_writing.IsWaiting)
        {
            FailWrite(new OperationCanceledException(cancellationToken));
            Abort();
        }
    }

    private void FailWrite(Exception failure)
    {
        if (_writing.IsWaiting)
        {
            _writeRest = default;
            _writing.Fail(failure);
        }
    }

    private NetworkException ClosedHere(string action) =>
        new(NetworkError.Aborted, $"{action} {RemoteAddress}: the connection was closed by this end");

    private NetworkException ResetByPeer(string action) => new(NetworkError.Reset, $"{action} {RemoteAddress}: {_resetReason}");

    private sealed class HandshakeTimer(SimulatedConnection end) : ScheduledEvent
    {
        /// <summary>The peer is not heard of any more: the kernel forgets it without a word.</summary>
        protected internal override void Fire() => end.Close(State.Vanished);
    }
}
