namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>How a call of the fast run ended. For a reader; but one that was cancelled is cancelled in the fine lane, too.</summary>
internal enum ZoomOutcome
{
    /// <summary>It had not ended when the run did, or the machine crashed.</summary>
    Pending,

    /// <summary>Without an exception.</summary>
    Done,

    /// <summary>By an exception.</summary>
    Failed,

    /// <summary>By its token.</summary>
    Cancelled,
}
