namespace SimGraph.Storage.Audit;

/// <summary>Something that happened and must not be forgotten. The log adds number, time and chain.</summary>
public sealed record AuditEvent
{
    /// <summary>How much it matters.</summary>
    public AuditSeverity Severity { get; init; }

    /// <summary>Who did it; not empty.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, such as <c>node.delete</c>; not empty.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to; may be empty.</summary>
    public string Resource { get; init; } = string.Empty;

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>Anything else, by name. Names are told apart by their characters, case included.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
