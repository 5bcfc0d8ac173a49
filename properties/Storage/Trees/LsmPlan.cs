using System.Globalization;
using System.Text.Json.Serialization;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>What a tree's workload does, and on which tree.</summary>
/// <param name="Options">The tree's options, but <see cref="TreeOptions"/> says how many levels it has.</param>
/// <param name="StopsBusy">Whether it stops the tree with snapshots and cursors open.</param>
/// <param name="Operations">The operations, in order.</param>
internal sealed record LsmPlan(LsmOptions Options, bool StopsBusy, IReadOnlyList<LsmOperation> Operations) : WorkloadPlan
{
    private static readonly int[] Sizes = [0, 1, 10, 30, 100, 127, 128, 300, 700, 2_000];

    private static readonly LsmOperationKind[] Kinds =
    [
        LsmOperationKind.Apply, LsmOperationKind.Apply, LsmOperationKind.Apply, LsmOperationKind.Apply, LsmOperationKind.Apply, LsmOperationKind.Apply,
        LsmOperationKind.Flush, LsmOperationKind.Flush, LsmOperationKind.Compact, LsmOperationKind.Get, LsmOperationKind.Scan, LsmOperationKind.ScanBack,
        LsmOperationKind.TakeSnapshot, LsmOperationKind.CheckSnapshot, LsmOperationKind.OpenCursor, LsmOperationKind.CheckCursor, LsmOperationKind.Wait,
        LsmOperationKind.Verify, LsmOperationKind.Replace, LsmOperationKind.MakeRoom, LsmOperationKind.WaitForDurable,
    ];

    /// <summary>The tree's options. The number of levels is part of what is stored: a tree keeps it for life, whatever else changes.</summary>
    [JsonIgnore]
    public LsmOptions TreeOptions => Options with { LevelCount = 4 };

    /// <summary>Draws a plan.</summary>
    public static LsmPlan Draw(Random random, StorageSize size)
    {
        int count = size switch
        {
            StorageSize.Small => 3 + random.Next(12),
            StorageSize.Medium => 10 + random.Next(30),
            _ => 40 + random.Next(120),
        };
        LsmOptions options = DrawOptions(random);
        bool stopsBusy = random.Next(2) == 0;
        var operations = new LsmOperation[count];
        for (int i = 0; i < count; i++)
        {
            LsmOperationKind kind = Kinds[random.Next(Kinds.Length)];
            PlannedChange[] changes = kind is LsmOperationKind.Apply or LsmOperationKind.Replace or LsmOperationKind.MakeRoom ? DrawChanges(random) : [];
            operations[i] = new LsmOperation(kind, random.Next(8), changes);
        }

        return new LsmPlan(options, stopsBusy, operations);
    }

    /// <summary>A batch of one to eight changes.</summary>
    public static PlannedChange[] DrawChanges(Random random)
    {
        // Batches that only delete are as likely as others: a memtable of them must be flushed, too.
        bool deletesOnly = random.Next(4) == 0;
        var changes = new PlannedChange[1 + random.Next(8)];
        for (int i = 0; i < changes.Length; i++)
        {
            PlannedChangeKind kind = random.Next(deletesOnly ? 4 : 12) switch
            {
                0 => PlannedChangeKind.DeleteRange,
                1 => PlannedChangeKind.DeletePrefix,
                2 or 3 => PlannedChangeKind.Delete,
                _ => PlannedChangeKind.Put,
            };
            changes[i] = new PlannedChange(
                kind, random.Next(TreeKeys.Count), kind == PlannedChangeKind.DeleteRange ? random.Next(TreeKeys.Count) : 0,
                kind == PlannedChangeKind.Put ? Sizes[random.Next(Sizes.Length)] : 0);
        }

        return changes;
    }

    /// <summary>A tree so small that a few batches make it flush, compact and stall.</summary>
    public static LsmOptions DrawOptions(Random random)
    {
        int compactionTables = 1 + random.Next(4);
        return new LsmOptions
        {
            MemtableBytes = 1 << (10 + random.Next(4)),
            ImmutableMemtablesMax = 1 + random.Next(3),
            LevelZeroCompactionTables = compactionTables,
            LevelZeroStallTables = compactionTables + 1 + random.Next(4),
            LevelRatio = 2 + random.Next(4),
            LevelOneBytes = 1 << (10 + random.Next(4)),
            TableBytes = 1 << (9 + random.Next(4)),
            BlockBytes = 1 << (6 + random.Next(5)),
            BloomBitsPerKey = random.Next(4) == 0 ? 0 : 10,
            Compress = random.Next(2) == 0,
            BlockCacheBytes = random.Next(3) switch { 0 => 0, 1 => 8 << 10, _ => 1 << 20 },
            TablesOpenMax = random.Next(4) == 0 ? 1 + random.Next(3) : 100,
            ManifestBytesMax = 1 << (10 + random.Next(5)),
            RetryDelay = TimeSpan.FromMilliseconds(10 + random.Next(1_000)),
        };
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Amount => Operations.Count;

    /// <inheritdoc/>
    public override WorkloadPlan WithoutOperations() => this with { Operations = [] };

    /// <inheritdoc/>
    public override IStorageWorkload Create() => new LsmWorkload(this);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"memtables {Options.MemtableBytes}, tables {Options.TableBytes}, level 1 {Options.LevelOneBytes} x{Options.LevelRatio}, compaction at {Options.LevelZeroCompactionTables}, blocks {Options.BlockBytes}, cache {Options.BlockCacheBytes}, open {Options.TablesOpenMax}, manifest {Options.ManifestBytesMax}{(StopsBusy ? ", stops busy" : string.Empty)}: {string.Join("; ", Operations)}");
}
