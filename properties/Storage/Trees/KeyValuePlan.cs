using System.Globalization;
using System.Text.Json.Serialization;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>What a key-value store's workload does, and on which store.</summary>
/// <param name="Tree">The tree's options and the operations.</param>
/// <param name="SegmentBytes">Where segments of the log roll.</param>
/// <param name="InFlightMax">Writes that may be under way at the same time.</param>
internal sealed record KeyValuePlan(LsmPlan Tree, int SegmentBytes, int InFlightMax) : WorkloadPlan
{
    private static readonly int[] SegmentSizes = [300, 1_000, 3_000, 20_000];

    /// <summary>The store's options.</summary>
    [JsonIgnore]
    public KeyValueOptions Options => new()
    {
        Tree = Tree.TreeOptions,
        Log = new WriteAheadLogOptions { SegmentBytesMax = SegmentBytes },
        QueueLengthMax = 3,
        GroupBytesMax = 4 << 10,
    };

    /// <summary>Draws a plan.</summary>
    public static KeyValuePlan Draw(Random random, StorageSize size)
    {
        int segmentBytes = SegmentSizes[random.Next(SegmentSizes.Length)];
        int inFlightMax = 1 + random.Next(8);
        return new KeyValuePlan(LsmPlan.Draw(random, size), segmentBytes, inFlightMax);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Amount => Tree.Amount;

    /// <inheritdoc/>
    public override WorkloadPlan WithoutOperations() => this with { Tree = Tree with { Operations = [] } };

    /// <inheritdoc/>
    public override IStorageWorkload Create() => new KeyValueWorkload(this);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"segments of {SegmentBytes}, {InFlightMax} in flight, {Tree}");
}
