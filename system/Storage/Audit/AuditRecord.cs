namespace SimGraph.Storage.Audit;

/// <summary>One line of the log, read back.</summary>
public sealed record AuditRecord
{
    /// <summary>Its number; the order of events.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Number of the first line that became durable together with it.</summary>
    public required ulong Batch { get; init; }

    /// <summary>Wall clock, UTC, when the event was accepted. Says nothing about order.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How much it matters.</summary>
    public required AuditSeverity Severity { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to.</summary>
    public required string Resource { get; init; }

    /// <summary>How it ended.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>Anything else, in ascending ordinal order of the names.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Details { get; init; }

    /// <summary>Hash of the line before; 64 zeros for line 1.</summary>
    public required string Previous { get; init; }

    /// <summary>Hash of this line.</summary>
    public required string Hash { get; init; }
}
