using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>An open port and its backlog. The kernel fills the backlog also while the process is paused.</summary>
internal sealed class SimulatedListener : IListener
{
    private readonly SimulatedNetwork _network;
    private readonly Incarnation _process;
    private readonly LedgerEntry _entry;
    private readonly Queue<SimulatedConnection> _backlog = new();
    private readonly PendingCall<IConnection> _accepting = new();
    private int _inHandshake;
    private bool _isClosed;

    public SimulatedListener(SimulatedNetwork network, NetworkHost host, Incarnation process, NetworkAddress address)
    {
        _network = network;
        _process = process;
        Host = host;
        LocalAddress = address;
        _entry = process.Ledger.Add(LedgerKind.Listener, address.ToString());
    }

    /// <inheritdoc/>
    public NetworkAddress LocalAddress { get; }

    /// <summary>Where it is.</summary>
    public NetworkHost Host { get; }

    /// <summary>The process that listens.</summary>
    public Incarnation Process => _process;

    /// <summary>False while the backlog is full: connects are left unanswered.</summary>
    public bool HasRoom => _backlog.Count + _inHandshake < _network.Options.BacklogConnections;

    /// <inheritdoc/>
    public ValueTask<IConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        Invariant.Check(!_accepting.IsWaiting, "a listener has one caller of accept at a time");
        if (_isClosed)
        {
            return ValueTask.FromException<IConnection>(Disposed());
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IConnection>(cancellationToken);
        }

        if (_backlog.TryDequeue(out SimulatedConnection? waiting))
        {
            return ValueTask.FromResult<IConnection>(HandOut(waiting));
        }

        _accepting.Begin(static (listener, token) => ((SimulatedListener)listener!).CancelAccept(token), this, cancellationToken);
        return _accepting.ResultAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            _process.Ledger.Remove(_entry);
            Close();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A handshake has begun.</summary>
    public void BeginHandshake() => _inHandshake++;

    /// <summary>A handshake has ended without a connection.</summary>
    public void EndHandshake()
    {
        Invariant.Check(_inHandshake > 0, "a handshake that ends has begun");
        _inHandshake--;
    }

    /// <summary>A handshake is over.</summary>
    public void Admit(SimulatedConnection end)
    {
        EndHandshake();
        if (_isClosed)
        {
            end.Abort();
        }
        else if (_accepting.IsWaiting)
        {
            _accepting.Complete(HandOut(end));
        }
        else
        {
            _backlog.Enqueue(end);
        }
    }

    /// <summary>The process has ended. Its ends of connections, those in the backlog too, are closed by the host.</summary>
    public void ProcessEnded(bool silently)
    {
        if (silently)
        {
            _backlog.Clear();
        }

        Close();
    }

    private SimulatedConnection HandOut(SimulatedConnection end)
    {
        end.HandOut(_process.Ledger.Add(LedgerKind.Connection, $"{end.LocalAddress} from {end.RemoteAddress}"));
        return end;
    }

    private void Close()
    {
        _isClosed = true;
        Host.Close(this);
        _network.World.Trace.Emit(TraceKind.Listen, Host.Machine, LocalAddress.Port, 0);
        while (_backlog.TryDequeue(out SimulatedConnection? waiting))
        {
            waiting.Abort();
        }

        if (_accepting.IsWaiting)
        {
            _accepting.Fail(Disposed());
        }
    }

    private void CancelAccept(CancellationToken cancellationToken)
    {
        if (_accepting.IsWaiting)
        {
            _accepting.Fail(new OperationCanceledException(cancellationToken));
        }
    }

    private ObjectDisposedException Disposed() => new(LocalAddress.ToString(), "the listener was disposed");
}
