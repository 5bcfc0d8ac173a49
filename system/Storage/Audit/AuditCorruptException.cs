namespace SimGraph.Storage.Audit;

/// <summary>
/// Lines that were durable once are damaged or missing. Nothing was changed on disk. Restore the folder from a backup; or set it aside as evidence
/// and let a new chain begin in an empty one.
/// </summary>
public sealed class AuditCorruptException(AuditDefect defect)
    : Exception($"the audit log is damaged: {defect}. Nothing was changed; restore the folder, or set it aside and begin a new one")
{
    /// <summary>Where and what.</summary>
    public AuditDefect Defect { get; } = defect;
}
