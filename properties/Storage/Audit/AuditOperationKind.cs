namespace SimGraph.Properties.Storage.Audit;

/// <summary>What a workload does with an audit log.</summary>
internal enum AuditOperationKind
{
    /// <summary>Appends some events, without waiting for them.</summary>
    Append,

    /// <summary>Lets the next event begin a new file.</summary>
    Rotate,

    /// <summary>Waits for everything that was appended.</summary>
    Settle,

    /// <summary>Lets time pass, in which compression and retention get on.</summary>
    Wait,

    /// <summary>Sets the wall clock, forward or back.</summary>
    JumpClock,

    /// <summary>Checks the log while it is written.</summary>
    Verify,

    /// <summary>Queries or exports the log while it is written.</summary>
    Read,
}
