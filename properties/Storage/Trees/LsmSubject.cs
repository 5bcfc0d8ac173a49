namespace SimGraph.Properties.Storage.Trees;

/// <summary>The LSM tree under crash test.</summary>
internal sealed class LsmSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "lsm";

    /// <inheritdoc/>
    public string Description => "the LSM tree: a crash at every disk operation, every operation failing, long lives, flipped bits";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
    [
        RotExplorer.NoticedProbe, "lsm.compacted", "lsm.flush-failed", "lsm.flushed", "lsm.manifest-begun", "lsm.moved-down", "lsm.orphan-removed", "lsm.stalled",
    ];

    /// <inheritdoc/>
    public WorkloadPlan Draw(Random random, StorageSize size) => LsmPlan.Draw(random, size);
}
