namespace SimGraph.Storage.Audit;

/// <summary>What an integrity check found.</summary>
public sealed record AuditVerification
{
    /// <summary>Number of the first line that is kept; 1 unless retention removed some.</summary>
    public required ulong FirstSequence { get; init; }

    /// <summary>Number of the last good line that was read; <see cref="FirstSequence"/> - 1 if there is none.</summary>
    public required ulong LastSequence { get; init; }

    /// <summary>Hash of that line.</summary>
    public required string LastHash { get; init; }

    /// <summary>Files that were read, the bad one included.</summary>
    public required int Files { get; init; }

    /// <summary>The first bad line, at which the check ended; null if all is well.</summary>
    public required AuditDefect? FirstBad { get; init; }

    /// <summary>True if every line is whole and chained to the one before.</summary>
    public bool IsSound => FirstBad is null;
}
