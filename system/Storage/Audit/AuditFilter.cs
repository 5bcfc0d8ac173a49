namespace SimGraph.Storage.Audit;

/// <summary>Which events a query wants; what is null or default does not restrict.</summary>
public sealed record AuditFilter
{
    /// <summary>Everything.</summary>
    public static AuditFilter All { get; } = new();

    /// <summary>Events with a greater number: where an earlier query ended.</summary>
    public ulong After { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>This severity or a higher one.</summary>
    public AuditSeverity SeverityMin { get; init; }

    /// <summary>Exactly this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Exactly this action; or, with a trailing <c>*</c>, every action that begins so.</summary>
    public string? Action { get; init; }

    /// <summary>At most this many; at least 1.</summary>
    public long CountMax { get; init; } = long.MaxValue;

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="ArgumentException">Names the value and its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CountMax, 1);
        if (!Enum.IsDefined(SeverityMin))
        {
            throw new ArgumentException($"severity {SeverityMin} is unknown (SeverityMin)");
        }

        if (From is { } from && Until is { } until && from > until)
        {
            throw new ArgumentException($"the time range is empty: from {from:O} until {until:O} (From, Until)");
        }
    }

    internal bool Matches(AuditRecord record) =>
        record.Sequence > After
        && record.Severity >= SeverityMin
        && (From is not { } from || record.Time >= from)
        && (Until is not { } until || record.Time < until)
        && (Actor is null || string.Equals(record.Actor, Actor, StringComparison.Ordinal))
        && (Action is null || MatchesAction(record.Action));

    private bool MatchesAction(string action) => Action!.EndsWith('*')
        ? action.AsSpan().StartsWith(Action.AsSpan(0, Action.Length - 1), StringComparison.Ordinal)
        : string.Equals(action, Action, StringComparison.Ordinal);
}
