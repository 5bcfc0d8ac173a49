using System.Globalization;
using System.Text.Json.Serialization;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>What a workload does, and on which store.</summary>
/// <param name="Tree">Shape of the tree.</param>
/// <param name="SegmentBytes">Where the log's segments roll.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record GraphPlan(LsmOptions Tree, int SegmentBytes, IReadOnlyList<GraphStep> Steps) : WorkloadPlan
{
    private const int ChoicesPerCommand = 24;
    private static readonly int[] MemtableSizes = [1 << 10, 2 << 10, 8 << 10, 64 << 10];
    private static readonly int[] SegmentSizes = [300, 1_500, 20_000];

    private static readonly GraphStepKind[] Kinds =
    [
        GraphStepKind.Commands, GraphStepKind.Commands, GraphStepKind.Commands, GraphStepKind.Commands, GraphStepKind.Commands, GraphStepKind.Commands,
        GraphStepKind.Flush, GraphStepKind.Compact, GraphStepKind.Truncate, GraphStepKind.Truncate, GraphStepKind.TakeSnapshot, GraphStepKind.CheckSnapshot,
        GraphStepKind.Verify, GraphStepKind.Transfer,
    ];

    /// <summary>The log's options.</summary>
    [JsonIgnore]
    public WriteAheadLogOptions Log => new() { Directory = "log", SegmentBytesMax = SegmentBytes };

    public static GraphPlan Draw(Random random, StorageSize size)
    {
        var steps = new GraphStep[size switch
        {
            StorageSize.Small => 3 + random.Next(5),
            StorageSize.Medium => 10 + random.Next(20),
            _ => 30 + random.Next(100),
        }];
        LsmOptions tree = new()
        {
            Folder = "tree",
            MemtableBytes = MemtableSizes[random.Next(MemtableSizes.Length)],
            LevelZeroCompactionTables = 2 + random.Next(2),
            LevelZeroStallTables = 6,
            LevelRatio = 2,
            LevelOneBytes = 4 << 10,
            TableBytes = 1 << 10,
            BlockBytes = 256 << random.Next(3),
            BlockCacheBytes = random.Next(2) == 0 ? 0 : 1 << 20,
            Compress = random.Next(2) == 0,
        };
        int segmentBytes = SegmentSizes[random.Next(SegmentSizes.Length)];
        for (int i = 0; i < steps.Length; i++)
        {
            GraphStepKind kind = Kinds[random.Next(Kinds.Length)];
            if (size == StorageSize.Large && random.Next(50) == 0)
            {
                kind = GraphStepKind.Bulk;
            }

            var commands = new int[kind switch { GraphStepKind.Commands => 1 + random.Next(3), GraphStepKind.Transfer or GraphStepKind.Bulk => 1, _ => 0 }][];
            for (int j = 0; j < commands.Length; j++)
            {
                commands[j] = new int[1 + random.Next(ChoicesPerCommand)];
                for (int k = 0; k < commands[j].Length; k++)
                {
                    commands[j][k] = random.Next(1 << 20);
                }
            }

            steps[i] = new GraphStep(kind, commands);
        }

        return new GraphPlan(tree, segmentBytes, steps);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Amount => Steps.Sum(static step => Math.Max(1, step.Choices.Count));

    /// <inheritdoc/>
    public override WorkloadPlan WithoutOperations() => this with { Steps = [] };

    /// <inheritdoc/>
    public override IStorageWorkload Create() => new GraphWorkload(this);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"memtables of {Tree.MemtableBytes}, blocks of {Tree.BlockBytes}, cache of {Tree.BlockCacheBytes}, compression {Tree.Compress}, segments of {SegmentBytes}: {string.Join("; ", Steps)}");
}
