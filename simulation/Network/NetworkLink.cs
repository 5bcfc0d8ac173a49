using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Network;

/// <summary>One direction between two machines: how long it takes, how much it carries, whether it is cut; and the pipes that wait for its heal.</summary>
internal sealed class NetworkLink(SimulatedNetwork network, NetworkHost from, NetworkHost to)
{
    private const int DrawBits = 20;
    private const uint DrawBound = 1 << DrawBits;

    private readonly ChoiceSite _latencySite = network.World.Site("network.latency");
    private List<BytePipe> _held = [];
    private List<BytePipe> _unacknowledged = [];
    private bool _isCut;
    private long _clogUntil;
    private long _clogTicks;
    private long _slowUntil;
    private long _slowBytesPerSecond;
    private long _freeAt;

    public NetworkHost From => from;

    public NetworkHost To => to;

    /// <summary>True while nothing passes.</summary>
    public bool IsCut => _isCut || ((from.IsIsolated || to.IsIsolated) && from != to);

    public void SetCut(bool cut)
    {
        _isCut = cut;
        ResumeIfOpen();
    }

    /// <summary>Adds latency until a time.</summary>
    public void Clog(long extraTicks, long until)
    {
        _clogTicks = extraTicks;
        _clogUntil = until;
    }

    /// <summary>Limits the bandwidth until a time.</summary>
    public void Slow(long bytesPerSecond, long until)
    {
        _slowBytesPerSecond = bytesPerSecond;
        _slowUntil = until;
    }

    /// <summary>When something that is sent now arrives.</summary>
    public long ArrivalOf(int bytes)
    {
        long now = network.World.Scheduler.NowTicks;
        NetworkOptions options = network.Options;
        long bandwidth = now < _slowUntil ? _slowBytesPerSecond : options.BandwidthBytesPerSecond;
        long departure = now;
        if (bandwidth > 0)
        {
            // The link sends one thing after the other: what was given to it earlier goes first.
            departure = Math.Max(now, _freeAt) + (bytes * TimeSpan.TicksPerSecond / bandwidth);
            _freeAt = departure;
        }

        if (from == to)
        {
            return departure + options.LatencyLoopback.Ticks;
        }

        long latency = DrawLatency(options);
        return departure + (now < _clogUntil ? latency + _clogTicks : latency);
    }

    /// <summary>Remembers a pipe that cannot deliver because the link is cut.</summary>
    public void Hold(BytePipe pipe) => _held.Add(pipe);

    /// <summary>Remembers a pipe of the other direction, whose sender does not learn what arrived because this link is cut.</summary>
    public void HoldAcknowledgements(BytePipe pipe) => _unacknowledged.Add(pipe);

    /// <summary>Lets what waited go on, if the link is no longer cut.</summary>
    public void ResumeIfOpen()
    {
        if (IsCut || _held.Count + _unacknowledged.Count == 0)
        {
            return;
        }

        (List<BytePipe> held, _held) = (_held, []);
        (List<BytePipe> unacknowledged, _unacknowledged) = (_unacknowledged, []);
        foreach (BytePipe pipe in held)
        {
            pipe.Resume();
        }

        foreach (BytePipe pipe in unacknowledged)
        {
            pipe.ResumeAcknowledgements();
        }
    }

    private long DrawLatency(NetworkOptions options)
    {
        long jitter = options.LatencyJitter.Ticks;
        uint tailBound = options.LatencyTail == TimeSpan.Zero ? 0 : (uint)((long)options.LatencyTailPartsPerMillion * DrawBound / 1_000_000);
        if (jitter == 0 && tailBound == 0)
        {
            return options.LatencyBase.Ticks;
        }

        // One draw for both: its highest values are the tail.
        uint draw = network.World.Choose(_latencySite, from.Machine, DrawBound);
        uint body = DrawBound - tailBound;
        return draw < body
            ? options.LatencyBase.Ticks + (jitter * draw / body)
            : options.LatencyBase.Ticks + jitter + (options.LatencyTail.Ticks * (draw - body) / tailBound);
    }
}
