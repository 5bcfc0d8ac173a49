namespace SimGraph.Storage.Audit;

/// <summary>How much an event matters. In ascending order.</summary>
public enum AuditSeverity
{
    /// <summary>Written <c>info</c>.</summary>
    Info = 0,

    /// <summary>Written <c>warning</c>.</summary>
    Warning = 1,

    /// <summary>Written <c>critical</c>.</summary>
    Critical = 2,
}
