namespace SimGraph.Properties.Storage.Snapshots;

/// <summary>The snapshot store under crash test.</summary>
internal sealed class SnapshotsSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "snapshots";

    /// <inheritdoc/>
    public string Description => "the snapshot store: a crash at every disk operation, every operation failing, long lives, flipped bits";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
        [RotExplorer.NoticedProbe, "snapshot.saved", "snapshot.store-poisoned", "snapshot.temporary-removed"];

    /// <inheritdoc/>
    public IStorageWorkload Create(Random plan, StorageSize size)
    {
        int[] sizes = new int[size switch { StorageSize.Small => 1 + plan.Next(4), StorageSize.Medium => 3 + plan.Next(10), _ => 10 + plan.Next(60) }];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = plan.Next(4) == 0 ? plan.Next(20_000) : plan.Next(1_200);
        }

        return new SnapshotsWorkload(sizes);
    }
}
