namespace SimGraph.Simulation.Disk;

/// <summary>How a simulated disk behaves. Probabilities are in parts per million of the operations concerned.</summary>
public sealed record DiskFaultOptions
{
    /// <summary>A healthy, fast disk: nothing fails, nothing is slow. Power loss still takes what was not flushed.</summary>
    public static DiskFaultOptions None { get; } = new();

    /// <summary>Space for files, in bytes. Default 16 GiB.</summary>
    public long CapacityBytes { get; init; } = 16L << 30;

    /// <summary>What power loss does to what was not flushed.</summary>
    public PowerLossPolicy PowerLoss { get; init; } = PowerLossPolicy.Chosen;

    /// <summary>Reads that fail.</summary>
    public int ReadErrorPartsPerMillion { get; init; }

    /// <summary>Writes, and changes of length, that fail.</summary>
    public int WriteErrorPartsPerMillion { get; init; }

    /// <summary>Flushes of files that fail.</summary>
    public int FailedFlushPartsPerMillion { get; init; }

    /// <summary>Flushes of folders that fail.</summary>
    public int FailedDirectoryFlushPartsPerMillion { get; init; }

    /// <summary>Opens, renames, deletes and lists that fail.</summary>
    public int MetadataErrorPartsPerMillion { get; init; }

    /// <summary>Writes at which the disk becomes full for <see cref="FullTime"/>.</summary>
    public int FullPartsPerMillion { get; init; }

    /// <summary>How long the disk then stays full. Default 5 s.</summary>
    public TimeSpan FullTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads that find a flipped bit.</summary>
    public int BitRotPartsPerMillion { get; init; }

    /// <summary>Writes that land elsewhere.</summary>
    public int MisdirectedWritePartsPerMillion { get; init; }

    /// <summary>Operations that hang.</summary>
    public int StallPartsPerMillion { get; init; }

    /// <summary>The longest of them. Default 2 s.</summary>
    public TimeSpan StallTimeMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time of a read. Default around 50 µs.</summary>
    public DiskLatency Read { get; init; } = DiskLatency.Around(TimeSpan.FromMicroseconds(50));

    /// <summary>Time of a write. Default around 10 µs: it goes to the page cache.</summary>
    public DiskLatency Write { get; init; } = DiskLatency.Around(TimeSpan.FromMicroseconds(10));

    /// <summary>Time of a flush. Default around 500 µs.</summary>
    public DiskLatency Flush { get; init; } = DiskLatency.Around(TimeSpan.FromMicroseconds(500));

    /// <summary>Time of an open, rename, delete or list. Default around 30 µs.</summary>
    public DiskLatency Metadata { get; init; } = DiskLatency.Around(TimeSpan.FromMicroseconds(30));

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CapacityBytes, SparseBytes.PageBytes);
        if (!Enum.IsDefined(PowerLoss))
        {
            throw new ArgumentOutOfRangeException(nameof(PowerLoss), PowerLoss, "unknown policy");
        }

        CheckProbability(ReadErrorPartsPerMillion, nameof(ReadErrorPartsPerMillion));
        CheckProbability(WriteErrorPartsPerMillion, nameof(WriteErrorPartsPerMillion));
        CheckProbability(FailedFlushPartsPerMillion, nameof(FailedFlushPartsPerMillion));
        CheckProbability(FailedDirectoryFlushPartsPerMillion, nameof(FailedDirectoryFlushPartsPerMillion));
        CheckProbability(MetadataErrorPartsPerMillion, nameof(MetadataErrorPartsPerMillion));
        CheckProbability(FullPartsPerMillion, nameof(FullPartsPerMillion));
        CheckProbability(BitRotPartsPerMillion, nameof(BitRotPartsPerMillion));
        CheckProbability(MisdirectedWritePartsPerMillion, nameof(MisdirectedWritePartsPerMillion));
        CheckProbability(StallPartsPerMillion, nameof(StallPartsPerMillion));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FullTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StallTimeMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StallTimeMax, TimeSpan.FromMinutes(5));
        Read.Validate();
        Write.Validate();
        Flush.Validate();
        Metadata.Validate();
    }

    internal int PartsPerMillion(DiskFaultKind kind) => kind switch
    {
        DiskFaultKind.ReadError => ReadErrorPartsPerMillion,
        DiskFaultKind.WriteError => WriteErrorPartsPerMillion,
        DiskFaultKind.FailedFlush => FailedFlushPartsPerMillion,
        DiskFaultKind.FailedDirectoryFlush => FailedDirectoryFlushPartsPerMillion,
        DiskFaultKind.MetadataError => MetadataErrorPartsPerMillion,
        DiskFaultKind.Full => FullPartsPerMillion,
        DiskFaultKind.BitRot => BitRotPartsPerMillion,
        DiskFaultKind.MisdirectedWrite => MisdirectedWritePartsPerMillion,
        DiskFaultKind.Stall => StallPartsPerMillion,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of fault"),
    };

    private static void CheckProbability(int partsPerMillion, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partsPerMillion, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partsPerMillion, 1_000_000, name);
    }
}
