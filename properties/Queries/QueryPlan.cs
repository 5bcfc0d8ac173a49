using SimGraph.Simulation.Disk;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Queries;

/// <summary>What a run of the query scenario is made of.</summary>
public sealed record QueryPlan
{
    /// <summary>Tasks that read streams and count.</summary>
    public required int Readers { get; init; }

    /// <summary>Tasks that submit trees of work.</summary>
    public required int Submitters { get; init; }

    /// <summary>Tasks that subscribe to changes.</summary>
    public required int Subscribers { get; init; }

    /// <summary>Until everything is told to stop.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Nodes of the first command.</summary>
    public required int Nodes { get; init; }

    /// <summary>Edges of the second command.</summary>
    public required int Edges { get; init; }

    /// <summary>Longest time between two commands.</summary>
    public required TimeSpan WriteInterval { get; init; }

    /// <summary>Longest pause of a reader, a worker and a handler; zero for none.</summary>
    public required TimeSpan PauseMax { get; init; }

    /// <summary>Results that a stream holds.</summary>
    public required int Capacity { get; init; }

    /// <summary>Elements that are read at a time.</summary>
    public required int PageSize { get; init; }

    /// <summary>Workers of the pool.</summary>
    public required int Workers { get; init; }

    /// <summary>Work that waits in the pool.</summary>
    public required int PoolQueue { get; init; }

    /// <summary>Notices that wait for a subscriber.</summary>
    public required int FeedQueue { get; init; }

    /// <summary>Mean time after which the pool is stopped and another one is there; zero for never.</summary>
    public required TimeSpan PoolLife { get; init; }

    /// <summary>Mean time after which the feed is stopped and another one is there; zero for never.</summary>
    public required TimeSpan FeedLife { get; init; }

    /// <summary>Pauses of the whole machine.</summary>
    public int MachinePauses { get; init; }

    /// <summary>Bytes of a memtable: small ones bring the graph to disk.</summary>
    public required int MemtableBytes { get; init; }

    /// <summary>Bytes of blocks that are kept in memory.</summary>
    public required int CacheBytes { get; init; }

    /// <summary>Whether chance points in the code fire.</summary>
    public bool ChancePoints { get; init; }

    /// <summary>How the disk fails.</summary>
    public DiskFaultOptions Disk { get; init; } = DiskFaultOptions.None;

    internal LsmOptions Tree => new()
    {
        Folder = "tree",
        MemtableBytes = MemtableBytes,
        LevelZeroCompactionTables = 2,
        LevelZeroStallTables = 8,
        LevelRatio = 2,
        LevelOneBytes = 16 << 10,
        TableBytes = 4 << 10,
        BlockBytes = 512,
        BlockCacheBytes = CacheBytes,
    };
}
