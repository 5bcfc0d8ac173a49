namespace SimGraph.Properties.Storage.Wal;

/// <summary>The write-ahead log under crash test.</summary>
internal sealed class WalSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "wal";

    /// <inheritdoc/>
    public string Description => "the write-ahead log: a crash at every disk operation, every operation failing, long lives, flipped bits";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
    [
        RotExplorer.NoticedProbe, "wal.batch-of-many", "wal.poisoned", "wal.segment-deleted", "wal.segment-rolled", "wal.tail-cut", "wal.torn-segment-removed",
    ];

    /// <inheritdoc/>
    public WorkloadPlan Draw(Random random, StorageSize size) => WalPlan.Draw(random, size);
}
