namespace SimGraph.Storage.Audit;

/// <summary>How the audited action ended.</summary>
public enum AuditOutcome
{
    /// <summary>Written <c>success</c>.</summary>
    Success = 0,

    /// <summary>Written <c>failure</c>.</summary>
    Failure = 1,

    /// <summary>Written <c>denied</c>: the actor was not allowed to.</summary>
    Denied = 2,
}
