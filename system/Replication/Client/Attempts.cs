namespace SimGraph.Replication.Client;

/// <summary>The attempts of one operation, and what they may have left behind.</summary>
internal sealed class Attempts(TimeSpan startedAt)
{
    /// <summary>When the operation began, on the monotonic clock.</summary>
    public TimeSpan StartedAt => startedAt;

    /// <summary>Attempts that failed in a row.</summary>
    public int Failed { get; set; }

    /// <summary>Leader hints followed without a pause since the last pause.</summary>
    public int HintsFollowed { get; set; }

    /// <summary>Members in a row that refused the handshake for good.</summary>
    public int Refusals { get; set; }

    /// <summary>True once an attempt may have reached the log and no answer tells.</summary>
    public bool MayBeApplied { get; set; }

    /// <summary>What went wrong last; null before the first attempt has failed.</summary>
    public string? LastFailure { get; set; }
}
