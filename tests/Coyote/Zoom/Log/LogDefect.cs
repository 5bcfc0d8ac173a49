namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>How a wrong log is wrong.</summary>
internal enum LogDefect
{
    /// <summary>It acknowledges, and does not write, what comes while it stops.</summary>
    ForgetsWhileItStops,

    /// <summary>Its stop returns at once.</summary>
    StopDoesNotWait,

    /// <summary>Who appends to a stopped log is never answered.</summary>
    RefusesNobody,

    /// <summary>It says of a batch that it refused it, and writes it.</summary>
    KeepsWhatItRefused,
}
