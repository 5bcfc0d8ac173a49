using System.Globalization;
using System.Text.Json.Serialization;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>What an audit log's workload does, and on which log.</summary>
/// <param name="Options">The log's options.</param>
/// <param name="StopsBusy">Whether it stops the log without waiting for what was appended last.</param>
/// <param name="Operations">The operations, in order.</param>
internal sealed record AuditPlan(AuditOptions Options, bool StopsBusy, IReadOnlyList<AuditOperation> Operations) : WorkloadPlan
{
    private static readonly int[] FileSizes = [1, 500, 1_200, 2_500, 6_000, 40_000];
    private static readonly int[] Sizes = [0, 3, 100, 230, 700];
    private static readonly int[] Jumps = [-9_000, -30, -2, 2, 30, 9_000];

    private static readonly AuditOperationKind[] Kinds =
    [
        AuditOperationKind.Append, AuditOperationKind.Append, AuditOperationKind.Append, AuditOperationKind.Append, AuditOperationKind.Append,
        AuditOperationKind.Rotate, AuditOperationKind.Settle, AuditOperationKind.Settle, AuditOperationKind.Wait, AuditOperationKind.JumpClock,
        AuditOperationKind.Verify, AuditOperationKind.Read,
    ];

    /// <summary>Draws a plan.</summary>
    public static AuditPlan Draw(Random random, StorageSize size)
    {
        int count = size switch
        {
            StorageSize.Small => 3 + random.Next(8),
            StorageSize.Medium => 10 + random.Next(30),
            _ => 40 + random.Next(150),
        };
        int fileBytes = FileSizes[random.Next(FileSizes.Length)];
        var options = new AuditOptions
        {
            FileBytesMax = fileBytes,
            Compress = random.Next(4) != 0,
            RetentionAge = random.Next(2) == 0 ? null : TimeSpan.FromDays(30),
            RetentionBytesMax = random.Next(2) == 0 ? null : 1 + (fileBytes * random.Next(4)),
            ClockSettleTime = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromHours(24),
            MaintenanceInterval = random.Next(2) == 0 ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromMinutes(10),
            QueueLengthMax = random.Next(4) == 0 ? 1 + random.Next(3) : 64,
        };
        bool stopsBusy = random.Next(2) == 0;
        var operations = new AuditOperation[count];
        for (int i = 0; i < count; i++)
        {
            operations[i] = new AuditOperation(
                Kinds[random.Next(Kinds.Length)], 1 + random.Next(4), DrawSize(random, size), Jumps[random.Next(Jumps.Length)], random.Next(1_000));
        }

        return new AuditPlan(options, stopsBusy, operations);
    }

    // Now and then one that fills a piece of an export.
    private static int DrawSize(Random random, StorageSize size) => size == StorageSize.Large && random.Next(10) == 0 ? 20_000 : Sizes[random.Next(Sizes.Length)];

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Amount => Operations.Count;

    /// <inheritdoc/>
    public override WorkloadPlan WithoutOperations() => this with { Operations = [] };

    /// <inheritdoc/>
    public override IStorageWorkload Create() => new AuditWorkload(this);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"files of {Options.FileBytesMax}, {(Options.Compress ? "compressed" : "plain")}, kept {(Options.RetentionAge is { } age ? $"{age.TotalDays} days" : "for ever")} up to {Options.RetentionBytesMax?.ToString(CultureInfo.InvariantCulture) ?? "any number of"} bytes, looked after every {Options.MaintenanceInterval}, clocks settle in {Options.ClockSettleTime}, queue of {Options.QueueLengthMax}, {(StopsBusy ? "stops busy" : "settles before it stops")}: {string.Join("; ", Operations)}");
}
