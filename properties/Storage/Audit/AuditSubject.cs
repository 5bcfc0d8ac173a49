namespace SimGraph.Properties.Storage.Audit;

/// <summary>The audit log under crash test.</summary>
internal sealed class AuditSubject : IStorageSubject
{
    /// <inheritdoc/>
    public string Name => "audit";

    /// <inheritdoc/>
    public string Description => "the audit log: a crash at every disk operation, every operation failing, long lives, clocks that jump, flipped bits";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
    [
        RotExplorer.NoticedProbe, "audit.batch-of-many", "audit.compressed", "audit.file-begun", "audit.plain-removed", "audit.poisoned", "audit.retired",
        "audit.tail-cut", "audit.torn-file-removed", "audit.useless-file-removed",
    ];

    /// <inheritdoc/>
    public WorkloadPlan Draw(Random random, StorageSize size) => AuditPlan.Draw(random, size);
}
