namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>How a call of a log ended.</summary>
internal enum CallEnd
{
    /// <summary>Acknowledged.</summary>
    Done,

    /// <summary>It cannot follow what is there.</summary>
    Refused,

    /// <summary>The log is stopped.</summary>
    Closed,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>The log failed.</summary>
    Failed,
}
