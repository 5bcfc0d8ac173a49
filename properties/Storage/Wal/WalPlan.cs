using System.Globalization;
using System.Text.Json.Serialization;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Storage.Wal;

/// <summary>What a log's workload does, and on which log.</summary>
/// <param name="SegmentBytes">Where segments roll.</param>
/// <param name="QueueLength">Batches that may wait.</param>
/// <param name="Preallocated">Zeros that are written ahead; 0 for none.</param>
/// <param name="CompressedFrom">Payloads of this many bytes are compressed; 0 for never.</param>
/// <param name="StopsBusy">Whether it stops the log without waiting for what was appended last.</param>
/// <param name="Operations">The operations, in order.</param>
internal sealed record WalPlan(int SegmentBytes, int QueueLength, int Preallocated, int CompressedFrom, bool StopsBusy, IReadOnlyList<WalOperation> Operations) : WorkloadPlan
{
    private static readonly int[] SegmentSizes = [64, 300, 700, 1_500, 5_000, 20_000];
    private static readonly int[] Sizes = [0, 1, 20, 100, 480, 512, 700, 2_000];

    private static readonly WalOperationKind[] Kinds =
    [
        WalOperationKind.Append, WalOperationKind.Append, WalOperationKind.Append, WalOperationKind.AppendNext, WalOperationKind.AppendNext,
        WalOperationKind.Refused, WalOperationKind.Overwrite, WalOperationKind.State, WalOperationKind.StateAndEntries, WalOperationKind.Start, WalOperationKind.Install, WalOperationKind.Truncate, WalOperationKind.Truncate, WalOperationKind.Settle,
        WalOperationKind.Settle,
    ];

    /// <summary>The log's options.</summary>
    [JsonIgnore]
    public WriteAheadLogOptions Options => new() { SegmentBytesMax = SegmentBytes, QueueLengthMax = QueueLength, PreallocatedBytes = Preallocated, CompressedBytesMin = CompressedFrom };

    /// <summary>Draws a plan.</summary>
    public static WalPlan Draw(Random random, StorageSize size)
    {
        int count = size switch
        {
            StorageSize.Small => 3 + random.Next(10),
            StorageSize.Medium => 10 + random.Next(40),
            _ => 50 + random.Next(300),
        };
        int segmentBytes = SegmentSizes[random.Next(SegmentSizes.Length)];
        int queueLength = random.Next(4) == 0 ? 1 + random.Next(3) : 64;
        int preallocated = random.Next(2) == 0 ? 0 : 1 + random.Next(6_000);
        int compressedFrom = random.Next(2) == 0 ? 0 : 64;
        var operations = new WalOperation[count];
        bool stopsBusy = random.Next(2) == 0;
        for (int i = 0; i < count; i++)
        {
            operations[i] = new WalOperation(Kinds[random.Next(Kinds.Length)], 1 + random.Next(3), Sizes[random.Next(Sizes.Length)], random.Next(6));
        }

        return new WalPlan(segmentBytes, queueLength, preallocated, compressedFrom, stopsBusy, operations);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Amount => Operations.Count;

    /// <inheritdoc/>
    public override WorkloadPlan WithoutOperations() => this with { Operations = [] };

    /// <inheritdoc/>
    public override IStorageWorkload Create() => new WalWorkload(this);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"segments of {SegmentBytes}, queue of {QueueLength}, {Preallocated} zeros ahead, compressed from {CompressedFrom}, {(StopsBusy ? "stops busy" : "settles before it stops")}: {string.Join("; ", Operations)}");
}
