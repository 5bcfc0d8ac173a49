using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Network;

/// <summary>A machine's kernel, as far as the network goes: its ports, its ends of connections, and whether it is there at all.</summary>
internal sealed class NetworkHost(Machine machine)
{
    private const int EphemeralPortFirst = 32768;
    private const int EphemeralPortLast = 60999;
    private const int ListenersMax = 10_000;
    private readonly Dictionary<int, SimulatedListener> _listeners = [];
    private readonly List<SimulatedConnection> _ends = [];
    private readonly List<ConnectAttempt> _attempts = [];
    private readonly List<NetworkLink?> _links = [];
    private List<BytePipe> _held = [];
    private int _nextPort = EphemeralPortFirst;

    public Machine Machine => machine;

    /// <summary>False from a power loss, or from the world's beginning, to the next boot: nothing answers.</summary>
    public bool IsUp { get; private set; }

    /// <summary>How often it lost power: a kernel of before retransmits nothing.</summary>
    public int PowerLosses { get; private set; }

    /// <summary>True while every link to other machines is cut.</summary>
    public bool IsIsolated { get; set; }

    /// <summary>The link to another host.</summary>
    public NetworkLink LinkTo(NetworkHost other, SimulatedNetwork network)
    {
        int index = other.Machine.Index;
        while (_links.Count <= index)
        {
            _links.Add(null);
        }

        return _links[index] ??= network.AddLink(this, other);
    }

    public SimulatedListener? ListenerAt(int port) => _listeners.GetValueOrDefault(port);

    /// <summary>Opens a port, which must be free.</summary>
    public void Open(SimulatedListener listener)
    {
        Invariant.Check(_listeners.Count < ListenersMax, "a machine has at most 10,000 listeners");
        _listeners.Add(listener.LocalAddress.Port, listener);
    }

    public void Close(SimulatedListener listener) => _listeners.Remove(listener.LocalAddress.Port);

    /// <summary>A port that nobody listens on.</summary>
    public int TakePort()
    {
        while (true)
        {
            int port = _nextPort;
            _nextPort = port == EphemeralPortLast ? EphemeralPortFirst : port + 1;
            if (!_listeners.ContainsKey(port))
            {
                return port;
            }
        }
    }

    public void Add(SimulatedConnection end)
    {
        end.HostIndex = _ends.Count;
        _ends.Add(end);
    }

    public void Remove(SimulatedConnection end)
    {
        Invariant.Check(_ends[end.HostIndex] == end, "an end knows its place");
        SimulatedConnection last = _ends[^1];
        _ends[end.HostIndex] = last;
        last.HostIndex = end.HostIndex;
        _ends.RemoveAt(_ends.Count - 1);
    }

    public void Add(ConnectAttempt attempt) => _attempts.Add(attempt);

    public void Remove(ConnectAttempt attempt) => _attempts.Remove(attempt);

    /// <summary>The ends of connections on this machine.</summary>
    public SimulatedConnection[] SnapshotEnds() => [.. _ends];

    /// <summary>Remembers a pipe that cannot deliver because this machine is off.</summary>
    public void Hold(BytePipe pipe) => _held.Add(pipe);

    public void Start()
    {
        IsUp = true;
        (List<BytePipe> held, _held) = (_held, []);
        foreach (BytePipe pipe in held)
        {
            pipe.Resume();
        }
    }

    /// <summary>Ends everything of the process. After a power loss nobody is told; otherwise the kernel closes what the process had open.</summary>
    public void End(bool powerLost)
    {
        if (powerLost)
        {
            IsUp = false;
            PowerLosses++;
        }

        foreach (ConnectAttempt attempt in _attempts.ToArray())
        {
            attempt.Abandon(silently: powerLost);
        }

        SimulatedListener[] listeners = [.. _listeners.Values.OrderBy(listener => listener.LocalAddress.Port)];
        foreach (SimulatedListener listener in listeners)
        {
            listener.ProcessEnded(silently: powerLost);
        }

        foreach (SimulatedConnection end in SnapshotEnds())
        {
            end.ProcessEnded(silently: powerLost);
        }

        Invariant.Check(_ends.Count == 0 && _attempts.Count == 0 && _listeners.Count == 0, "the kernel closes all that a process had open");
    }
}
