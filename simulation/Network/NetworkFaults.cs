// Draws the faults of the network. A rate of zero draws nothing, so that switching a kind off leaves the choices of the others as they were. In every
// draw the small values mean that nothing happens: shrinking makes choices smaller, and so removes faults.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Network;

/// <summary>Decides by choice which fault happens, and counts it.</summary>
internal sealed class NetworkFaults
{
    private const uint Million = 1_000_000;

    private readonly World _world;
    private readonly ChoiceSite _connectSite;
    private readonly ChoiceSite _chunkSite;
    private readonly ChoiceSite _readSite;
    private readonly ChoiceSite _amountSite;
    private readonly ChoiceSite _durationSite;
    private int _perChunk;
    private int _perConnect;

    public NetworkFaults(World world, NetworkFaultOptions options)
    {
        _world = world;
        _connectSite = world.Site("network.fault.connect");
        _chunkSite = world.Site("network.fault.chunk");
        _readSite = world.Site("network.fault.read");
        _amountSite = world.Site("network.fault.amount");
        _durationSite = world.Site("network.fault.duration");
        Options = options;
        Apply(options);
    }

    public NetworkFaultOptions Options { get; private set; }

    public void Apply(NetworkFaultOptions options)
    {
        options.Validate();
        Options = options;
        _perChunk = options.PerChunkPartsPerMillion;
        _perConnect = options.PerConnectPartsPerMillion;
    }

    public NetworkFault OfConnect(Machine client)
    {
        if (_perConnect == 0 || Draw(_connectSite, client, _perConnect) is not { } draw)
        {
            return NetworkFault.None;
        }

        return draw < Options.ConnectRefusedPartsPerMillion ? NetworkFault.ConnectRefused : NetworkFault.ConnectHang;
    }

    public NetworkFault OfChunk(Machine sender)
    {
        if (_perChunk == 0 || Draw(_chunkSite, sender, _perChunk) is not { } draw)
        {
            return NetworkFault.None;
        }

        NetworkFaultOptions options = Options;
        return (draw -= options.SegmentationPartsPerMillion) < 0 ? NetworkFault.Segmentation
            : (draw -= options.StallPartsPerMillion) < 0 ? NetworkFault.Stall
            : (draw -= options.ResetPartsPerMillion) < 0 ? NetworkFault.Reset
            : (draw -= options.HalfOpenPartsPerMillion) < 0 ? NetworkFault.HalfOpen
            : (draw -= options.SilencePartsPerMillion) < 0 ? NetworkFault.Silence
            : (draw -= options.ClogPartsPerMillion) < 0 ? NetworkFault.Clog
            : NetworkFault.SlowLink;
    }

    /// <summary>How many of the bytes that have arrived a read hands out.</summary>
    public int OfRead(Machine reader, int available)
    {
        if (available <= 1
            || Options.PartialReadPartsPerMillion == 0
            || Draw(_readSite, reader, Options.PartialReadPartsPerMillion) is null)
        {
            return available;
        }

        Count(NetworkFault.PartialRead, reader);
        return 1 + Amount(reader, available - 1);
    }

    /// <summary>A number in [0, bound).</summary>
    public int Amount(Machine machine, int bound) => bound <= 1 ? 0 : (int)_world.Choose(_amountSite, machine, (uint)bound);

    /// <summary>A time between two limits, in ticks.</summary>
    public long Duration(Machine machine, TimeSpan min, TimeSpan max)
    {
        // In tenths of a millisecond: fine enough, and a day fits into a choice.
        long steps = (max - min).Ticks / 1000;
        return min.Ticks + (steps == 0 ? 0 : _world.Choose(_durationSite, machine, (uint)steps + 1) * 1000L);
    }

    public void Count(NetworkFault fault, Machine machine, long detail = 0)
    {
        string name = NameOf(fault);
        _world.CountFault(name);
        _world.Trace.Emit(TraceKind.Fault, machine, (long)fault, detail, _world.Trace.IsRecording ? name : null);
    }

    private static string NameOf(NetworkFault fault) => fault switch
    {
        NetworkFault.ConnectRefused => "network.connect-refused",
        NetworkFault.ConnectHang => "network.connect-hang",
        NetworkFault.Stall => "network.stall",
        NetworkFault.Reset => "network.reset",
        NetworkFault.HalfOpen => "network.half-open",
        NetworkFault.Silence => "network.silence",
        NetworkFault.Clog => "network.clog",
        NetworkFault.SlowLink => "network.slow-link",
        NetworkFault.PartialRead => "network.partial-read",
        NetworkFault.Segmentation => "network.segmentation",
        NetworkFault.PartitionOneWay => "network.partition.one-way",
        NetworkFault.PartitionTwoWay => "network.partition.two-way",
        NetworkFault.Isolation => "network.partition.isolation",
        NetworkFault.GiveUp => "network.give-up",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    /// <summary>Null when nothing happens; otherwise where in [0, rates) the draw fell.</summary>
    private int? Draw(ChoiceSite site, Machine machine, int rates)
    {
        int draw = (int)(_world.Choose(site, machine, Million) - (Million - (uint)rates));
        return draw >= 0 ? draw : null;
    }
}
