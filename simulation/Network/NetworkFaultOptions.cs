using System.Runtime.CompilerServices;

namespace SimGraph.Simulation.Network;

/// <summary>How often each fault of the network happens by chance, in parts per million, and how bad it is. docs/fault-model.md says what each one stands for.</summary>
public sealed record NetworkFaultOptions
{
    /// <summary>Nothing goes wrong by chance. What scenarios do, such as partitions, still does.</summary>
    public static NetworkFaultOptions None { get; } = new();

    /// <summary>Every kind, rarely: a cluster makes progress most of the time.</summary>
    public static NetworkFaultOptions Lite { get; } = new()
    {
        ConnectRefusedPartsPerMillion = 10_000,
        ConnectHangPartsPerMillion = 5_000,
        StallPartsPerMillion = 500,
        ResetPartsPerMillion = 200,
        HalfOpenPartsPerMillion = 50,
        SilencePartsPerMillion = 50,
        ClogPartsPerMillion = 20,
        SlowLinkPartsPerMillion = 20,
        PartialReadPartsPerMillion = 50_000,
        SegmentationPartsPerMillion = 5_000,
    };

    /// <summary>Every kind, often.</summary>
    public static NetworkFaultOptions Brutal { get; } = new()
    {
        ConnectRefusedPartsPerMillion = 100_000,
        ConnectHangPartsPerMillion = 50_000,
        StallPartsPerMillion = 10_000,
        ResetPartsPerMillion = 4_000,
        HalfOpenPartsPerMillion = 1_000,
        SilencePartsPerMillion = 1_000,
        ClogPartsPerMillion = 300,
        SlowLinkPartsPerMillion = 300,
        PartialReadPartsPerMillion = 300_000,
        SegmentationPartsPerMillion = 50_000,
    };

    /// <summary>Per connect: refused although somebody listens.</summary>
    public int ConnectRefusedPartsPerMillion { get; init; }

    /// <summary>Per connect: never answered.</summary>
    public int ConnectHangPartsPerMillion { get; init; }

    /// <summary>Per chunk: a loss as a TCP user sees it; the direction delivers nothing for a time between the two limits below.</summary>
    public int StallPartsPerMillion { get; init; }

    /// <summary>Per chunk: a prefix of it arrives, then both ends are reset.</summary>
    public int ResetPartsPerMillion { get; init; }

    /// <summary>Per chunk: a prefix of it arrives, then one end is reset and the other is told nothing.</summary>
    public int HalfOpenPartsPerMillion { get; init; }

    /// <summary>Per chunk: it and all that follow in this direction of the connection vanish. The writer is reset when it gives up; the reader sees silence.</summary>
    public int SilencePartsPerMillion { get; init; }

    /// <summary>Per chunk: the link becomes slow to deliver, by the clog's latency, for a time.</summary>
    public int ClogPartsPerMillion { get; init; }

    /// <summary>Per chunk: the link's bandwidth falls for a time.</summary>
    public int SlowLinkPartsPerMillion { get; init; }

    /// <summary>Per read: fewer bytes are handed out than have arrived.</summary>
    public int PartialReadPartsPerMillion { get; init; }

    /// <summary>Per chunk: it travels in tiny pieces that arrive one after the other.</summary>
    public int SegmentationPartsPerMillion { get; init; }

    /// <summary>Shortest stall. Default 200 ms, the least retransmission time-out of Linux.</summary>
    public TimeSpan StallMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest stall. Default 5 s.</summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Added latency on a clogged link. Default 1 s.</summary>
    public TimeSpan ClogLatency { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bandwidth of a slow link. Default 64 KiB/s.</summary>
    public long SlowLinkBytesPerSecond { get; init; } = 64 * 1024;

    /// <summary>Shortest clog or slow phase of a link. Default 500 ms.</summary>
    public TimeSpan DegradedMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest clog or slow phase of a link. Default 10 s.</summary>
    public TimeSpan DegradedMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Shortest time after which a sender whose bytes are not acknowledged gives the connection up. Default 10 s.</summary>
    public TimeSpan RetransmitLimitMin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest such time. Default 120 s.</summary>
    public TimeSpan RetransmitLimitMax { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest time between a heal and the retransmission that notices it. Default 3 s.</summary>
    public TimeSpan RetransmitWaitMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Sum of the rates of faults that are drawn once for each chunk.</summary>
    internal int PerChunkPartsPerMillion => StallPartsPerMillion + ResetPartsPerMillion + HalfOpenPartsPerMillion + SilencePartsPerMillion
        + ClogPartsPerMillion + SlowLinkPartsPerMillion + SegmentationPartsPerMillion;

    /// <summary>Sum of the rates of faults that are drawn once for each connect.</summary>
    internal int PerConnectPartsPerMillion => ConnectRefusedPartsPerMillion + ConnectHangPartsPerMillion;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or rates that exclude each other add up to more than a million.</exception>
    public void Validate()
    {
        CheckRate(ConnectRefusedPartsPerMillion);
        CheckRate(ConnectHangPartsPerMillion);
        CheckRate(StallPartsPerMillion);
        CheckRate(ResetPartsPerMillion);
        CheckRate(HalfOpenPartsPerMillion);
        CheckRate(SilencePartsPerMillion);
        CheckRate(ClogPartsPerMillion);
        CheckRate(SlowLinkPartsPerMillion);
        CheckRate(PartialReadPartsPerMillion);
        CheckRate(SegmentationPartsPerMillion);
        if (PerChunkPartsPerMillion > 1_000_000 || PerConnectPartsPerMillion > 1_000_000)
        {
            throw new ArgumentException("the faults of one chunk, or of one connect, exclude each other: their rates may not add up to more than a million");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ClogLatency.Ticks, nameof(ClogLatency));
        ArgumentOutOfRangeException.ThrowIfLessThan(SlowLinkBytesPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RetransmitWaitMax.Ticks, nameof(RetransmitWaitMax));
        CheckRange(StallMin, StallMax);
        CheckRange(DegradedMin, DegradedMax);
        CheckRange(RetransmitLimitMin, RetransmitLimitMax);
    }

    private static void CheckRate(int rate, [CallerArgumentExpression(nameof(rate))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1_000_000, name);
    }

    private static void CheckRange(TimeSpan min, TimeSpan max, [CallerArgumentExpression(nameof(max))] string name = "")
    {
        if (min < TimeSpan.Zero || max < min || max > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(name, max, $"{name} must be at least its minimum ({min}) and at most a day");
        }
    }
}
