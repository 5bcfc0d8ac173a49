namespace SimGraph.Simulation.Network;

/// <summary>How the simulated network behaves when nothing is wrong, and what goes wrong by chance.</summary>
public sealed record NetworkOptions
{
    /// <summary>Least time from one machine to another. Default 200 µs.</summary>
    public TimeSpan LatencyBase { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Added to the base, uniformly from zero up to this. Default 300 µs.</summary>
    public TimeSpan LatencyJitter { get; init; } = TimeSpan.FromMicroseconds(300);

    /// <summary>How often a message takes the tail as well, in parts per million. Default 10,000: one in a hundred.</summary>
    public int LatencyTailPartsPerMillion { get; init; } = 10_000;

    /// <summary>Added to base and jitter for those, uniformly from zero up to this. Default 10 ms.</summary>
    public TimeSpan LatencyTail { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Time from a machine to itself. Default 20 µs.</summary>
    public TimeSpan LatencyLoopback { get; init; } = TimeSpan.FromMicroseconds(20);

    /// <summary>What a link carries in each direction; 0 for no limit, the default.</summary>
    public long BandwidthBytesPerSecond { get; init; }

    /// <summary>Bytes of one direction of a connection that are on the way or not yet read, before its writer waits. Default 64 KiB.</summary>
    public int WindowBytes { get; init; } = 64 * 1024;

    /// <summary>Connections a listener holds before they are accepted; further connects wait. Default 128.</summary>
    public int BacklogConnections { get; init; } = 128;

    /// <summary>What goes wrong by chance. Default nothing.</summary>
    public NetworkFaultOptions Faults { get; init; } = NetworkFaultOptions.None;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(LatencyBase.Ticks, nameof(LatencyBase));
        ArgumentOutOfRangeException.ThrowIfNegative(LatencyJitter.Ticks, nameof(LatencyJitter));
        ArgumentOutOfRangeException.ThrowIfNegative(LatencyTail.Ticks, nameof(LatencyTail));
        ArgumentOutOfRangeException.ThrowIfNegative(LatencyLoopback.Ticks, nameof(LatencyLoopback));
        ArgumentOutOfRangeException.ThrowIfNegative(LatencyTailPartsPerMillion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LatencyTailPartsPerMillion, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfNegative(BandwidthBytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WindowBytes, 16 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(BacklogConnections, 1);
        ArgumentNullException.ThrowIfNull(Faults);
        Faults.Validate();
    }
}
