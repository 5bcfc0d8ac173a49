// A connect under way: the handshake as a TCP user sees it. The request travels, the answer travels back; a request that meets a cut link, a machine that is
// off or a full backlog is not answered, and is sent again after 1, 2, 4 ... seconds, until the kernel gives up after about two minutes, as Linux does.

using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>One call of connect that waits.</summary>
#pragma warning disable CA1001 // The end belongs to the process that gets it, and to the host until then.
internal sealed class ConnectAttempt : ScheduledEvent
#pragma warning restore CA1001
{
    private const int RequestsMax = 8;

    private readonly SimulatedNetwork _network;
    private readonly Incarnation _process;
    private readonly NetworkHost _client;
    private readonly NetworkHost _server;
    private readonly NetworkLink _there;
    private readonly NetworkLink _back;
    private readonly NetworkAddress _local;
    private readonly NetworkAddress _remote;
    private readonly PendingCall<IConnection> _connecting = new();
    private readonly LedgerEntry _entry;
    private readonly NetworkFault _fault;
    private readonly int _id;
    private SimulatedConnection? _clientEnd;
    private Answer _answer;
    private int _requests;

    public ConnectAttempt(
        SimulatedNetwork network, Incarnation process, NetworkHost client, NetworkHost server, NetworkAddress local, NetworkAddress remote, int id)
    {
        _network = network;
        _process = process;
        _client = client;
        _server = server;
        _there = client.LinkTo(server, network);
        _back = server.LinkTo(client, network);
        _local = local;
        _remote = remote;
        _id = id;
        _entry = process.Ledger.Add(LedgerKind.Connection, $"{local} to {remote}");
        _fault = network.Faults.OfConnect(client.Machine);
        if (_fault != NetworkFault.None)
        {
            network.Faults.Count(_fault, client.Machine, id);
        }

        client.Add(this);
        network.World.Trace.Emit(TraceKind.Connect, client.Machine, id, remote.Port, network.World.Trace.IsRecording ? remote.ToString() : null);
    }

    private enum Answer
    {
        None,
        Refusal,
        Acceptance,
    }

    public ValueTask<IConnection> RunAsync(CancellationToken cancellationToken)
    {
        _connecting.Begin(static (attempt, token) => ((ConnectAttempt)attempt!).Cancel(token), this, cancellationToken);
        SendRequest();
        return _connecting.ResultAsync();
    }

    /// <summary>The process that connects has ended.</summary>
    public void Abandon(bool silently)
    {
        _network.World.Scheduler.Cancel(this);
        _client.Remove(this);

        // An end that exists already is closed with the others of this machine.
        if (!silently)
        {
            _clientEnd?.Abort();
        }
    }

    protected internal override void Fire()
    {
        switch (_answer)
        {
            case Answer.None:
                RequestArrived();
                break;
            case Answer.Refusal when !_back.IsCut:
                Fail(new NetworkException(NetworkError.Refused, $"connect to {_remote}: nobody listens there"));
                break;
            case Answer.Acceptance when !_back.IsCut:
                AcceptanceArrived();
                break;
            case Answer.Refusal:
                _answer = Answer.None;
                SendAgain();
                break;
            default:
                SendAgain();
                break;
        }
    }

    private void SendRequest() => After(_there.ArrivalOf(0) - _network.World.Scheduler.NowTicks);

    /// <summary>Nothing came back: sends again after a time that doubles.</summary>
    private void SendAgain()
    {
        if (++_requests >= RequestsMax)
        {
            Fail(new NetworkException(NetworkError.Unreachable, $"connect to {_remote}: no answer"));
            return;
        }

        After(TimeSpan.TicksPerSecond << (_requests - 1));
    }

    private void RequestArrived()
    {
        if (_fault == NetworkFault.ConnectHang || _there.IsCut || _back.IsCut || !_server.IsUp)
        {
            SendAgain();
            return;
        }

        SimulatedListener? listener = _server.ListenerAt(_remote.Port);
        if (listener is null || _fault == NetworkFault.ConnectRefused)
        {
            _answer = Answer.Refusal;
        }
        else if (listener.HasRoom)
        {
            _answer = Answer.Acceptance;
            listener.BeginHandshake();
            _clientEnd = new SimulatedConnection(_network, _client, _process, _id, _local, _remote, listener: null);
            var serverEnd = new SimulatedConnection(_network, _server, listener.Process, _id, _remote, _local, listener);
            SimulatedConnection.Join(_network, _clientEnd, serverEnd);
        }
        else
        {
            SendAgain();
            return;
        }

        After(_back.ArrivalOf(0) - _network.World.Scheduler.NowTicks);
    }

    private void AcceptanceArrived()
    {
        SimulatedConnection end = _clientEnd!;
        _client.Remove(this);
        end.HandOut(_entry);
        end.Outgoing.SendEstablished();
        _network.World.Trace.Emit(TraceKind.Connected, _client.Machine, _id);
        _connecting.Complete(end);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (_connecting.IsWaiting)
        {
            Fail(new OperationCanceledException(cancellationToken));
        }
    }

    private void Fail(Exception failure)
    {
        _network.World.Scheduler.Cancel(this);
        _client.Remove(this);
        _process.Ledger.Remove(_entry);
        _clientEnd?.Abort();
        _network.World.Trace.Emit(TraceKind.ConnectFailed, _client.Machine, _id, text: _network.World.Trace.IsRecording ? failure.Message : null);
        _connecting.Fail(failure);
    }

    private void After(long delayTicks) => _network.World.Scheduler.Schedule(this, delayTicks);
}
