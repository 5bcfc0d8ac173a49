// The network between the machines of a world: byte streams with the semantics of TCP, in virtual time. Every connection is independent of every other, so
// what is sent first on one may arrive last; within a direction of a connection order is kept. Only three things are drawn when no fault is switched on:
// the latency of what is sent, and the order in which the kernel's scheduler resumes who waited. docs/fault-model.md describes the faults.
//
// The public members are for scenarios: they partition, clog, slow and heal links between machines while the run goes on.

using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>The simulated network of a world.</summary>
public sealed class SimulatedNetwork : MachineDevice
{
    private readonly List<NetworkHost?> _hosts = [];
    private readonly List<NetworkLink> _links = [];
    private int _connections;

    internal SimulatedNetwork(World world, NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        World = world;
        Options = options;
        Faults = new NetworkFaults(world, options.Faults);
        Names = new SimulatedNames(world);
    }

    /// <summary>The name service.</summary>
    public SimulatedNames Names { get; }

    /// <summary>How it behaves when nothing is wrong.</summary>
    public NetworkOptions Options { get; }

    /// <summary>What goes wrong by chance from now on.</summary>
    public NetworkFaultOptions FaultOptions
    {
        get => Faults.Options;
        set => Faults.Apply(value);
    }

    internal World World { get; }

    internal NetworkFaults Faults { get; }

    /// <summary>Cuts the link between two machines in one direction or both. Bytes are held until the heal, or until their sender gives up.</summary>
    public void Partition(Machine first, Machine second, PartitionDirection direction = PartitionDirection.Both)
    {
        if (direction != PartitionDirection.SecondToFirst)
        {
            LinkBetween(first, second).SetCut(cut: true);
        }

        if (direction != PartitionDirection.FirstToSecond)
        {
            LinkBetween(second, first).SetCut(cut: true);
        }

        NetworkFault fault = direction == PartitionDirection.Both ? NetworkFault.PartitionTwoWay : NetworkFault.PartitionOneWay;
        Faults.Count(fault, first, ((long)second.Index << 2) | (long)direction);
    }

    /// <summary>Ends a partition between two machines, in both directions.</summary>
    public void Heal(Machine first, Machine second)
    {
        World.Trace.Emit(TraceKind.Partition, first, second.Index);
        LinkBetween(first, second).SetCut(cut: false);
        LinkBetween(second, first).SetCut(cut: false);
    }

    /// <summary>Cuts a machine off from all others, those added later too.</summary>
    public void CutAll(Machine machine)
    {
        HostOf(machine).IsIsolated = true;
        Faults.Count(NetworkFault.Isolation, machine);
    }

    /// <summary>Ends <see cref="CutAll"/>; partitions of single links stay.</summary>
    public void Reconnect(Machine machine)
    {
        World.Trace.Emit(TraceKind.Partition, machine, machine.Index, 1);
        HostOf(machine).IsIsolated = false;
        ResumeLinks();
    }

    /// <summary>Adds latency between two machines, in both directions, for a time.</summary>
    public void Clog(Machine first, Machine second, TimeSpan latency, TimeSpan duration)
    {
        long until = World.Scheduler.NowTicks + duration.Ticks;
        LinkBetween(first, second).Clog(latency.Ticks, until);
        LinkBetween(second, first).Clog(latency.Ticks, until);
        Faults.Count(NetworkFault.Clog, first, second.Index);
    }

    /// <summary>Limits the bandwidth between two machines, in each direction, for a time.</summary>
    public void Slow(Machine first, Machine second, long bytesPerSecond, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        long until = World.Scheduler.NowTicks + duration.Ticks;
        LinkBetween(first, second).Slow(bytesPerSecond, until);
        LinkBetween(second, first).Slow(bytesPerSecond, until);
        Faults.Count(NetworkFault.SlowLink, first, second.Index);
    }

    /// <summary>Ends every partition, clog and slow phase. Faults that happen by chance go on: see <see cref="FaultOptions"/>.</summary>
    public void HealAll()
    {
        World.Trace.Emit(TraceKind.Partition, null);
        foreach (NetworkHost? host in _hosts)
        {
            if (host is not null)
            {
                host.IsIsolated = false;
            }
        }

        foreach (NetworkLink link in _links)
        {
            link.Clog(0, 0);
            link.Slow(0, 0);
            link.SetCut(cut: false);
        }
    }

    internal INetwork Open(Incarnation process) => new ProcessNetwork(this, process);

    internal NetworkLink AddLink(NetworkHost from, NetworkHost to)
    {
        var link = new NetworkLink(this, from, to);
        _links.Add(link);
        return link;
    }

    internal SimulatedListener Listen(Incarnation process, NetworkAddress address)
    {
        NetworkHost host = HostOf(process.Machine);
        if (address.Host != host.Machine.Name && address.Host != "*")
        {
            throw new NetworkException(NetworkError.AddressInUse, $"listen on {address}: not an address of machine {host.Machine.Name}");
        }

        if (address.Port is < 0 or > 65535)
        {
            throw new NetworkException(NetworkError.AddressInUse, $"listen on {address}: not a port");
        }

        int port = address.Port == 0 ? host.TakePort() : address.Port;
        if (host.ListenerAt(port) is not null)
        {
            throw new NetworkException(NetworkError.AddressInUse, $"listen on {address}: the address is in use");
        }

        var listener = new SimulatedListener(this, host, process, new NetworkAddress(host.Machine.Name, port));
        host.Open(listener);
        World.Trace.Emit(TraceKind.Listen, host.Machine, port, 1);
        return listener;
    }

    /// <summary>Null when the name does not resolve.</summary>
    internal ConnectAttempt? BeginConnect(Incarnation process, NetworkAddress address)
    {
        NetworkHost client = HostOf(process.Machine);
        NetworkHost? server = FindHost(address.Host);
        return server is null
            ? null
            : new ConnectAttempt(
                this, process, client, server, new NetworkAddress(client.Machine.Name, client.TakePort()), address, ++_connections);
    }

    /// <summary>A link goes bad by chance, for a drawn time.</summary>
    internal void Degrade(NetworkLink link, NetworkFault fault)
    {
        NetworkFaultOptions options = FaultOptions;
        long until = World.Scheduler.NowTicks + Faults.Duration(link.From.Machine, options.DegradedMin, options.DegradedMax);
        if (fault == NetworkFault.Clog)
        {
            link.Clog(options.ClogLatency.Ticks, until);
        }
        else
        {
            link.Slow(options.SlowLinkBytesPerSecond, until);
        }
    }

    /// <inheritdoc/>
    protected internal override void ProcessStarted(Incarnation process) => HostOf(process.Machine).Start();

    /// <inheritdoc/>
    protected internal override void ProcessEnded(Incarnation process, ProcessExit exit) =>
        HostOf(process.Machine).End(powerLost: exit.Kind == ProcessExitKind.PowerLost);

    /// <inheritdoc/>
    protected internal override void PowerLost(Machine machine) => HostOf(machine).End(powerLost: true);

    private NetworkHost HostOf(Machine machine)
    {
        while (_hosts.Count <= machine.Index)
        {
            _hosts.Add(null);
        }

        return _hosts[machine.Index] ??= new NetworkHost(machine);
    }

    private NetworkHost? FindHost(string name)
    {
        foreach (NetworkHost? host in _hosts)
        {
            if (host?.Machine.Name == name)
            {
                return host;
            }
        }

        foreach (Machine machine in World.Machines)
        {
            if (machine.Name == name)
            {
                return HostOf(machine);
            }
        }

        return null;
    }

    private NetworkLink LinkBetween(Machine from, Machine to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return HostOf(from).LinkTo(HostOf(to), this);
    }

    private void ResumeLinks()
    {
        foreach (NetworkLink link in _links.ToArray())
        {
            link.ResumeIfOpen();
        }
    }
}
