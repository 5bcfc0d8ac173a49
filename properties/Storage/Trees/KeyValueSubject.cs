namespace SimGraph.Properties.Storage.Trees;

/// <summary>The key-value store, a tree with a log of its own, under crash test.</summary>
internal sealed class KeyValueSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "kv";

    /// <inheritdoc/>
    public string Description => "the key-value store (log and tree together): a crash at every disk operation, every operation failing, long lives, flipped bits";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
        [RotExplorer.NoticedProbe, "lsm.compacted", "lsm.flush-failed", "lsm.flushed", "lsm.orphan-removed", "wal.segment-deleted", "wal.tail-cut"];

    /// <inheritdoc/>
    public WorkloadPlan Draw(Random random, StorageSize size) => KeyValuePlan.Draw(random, size);
}
