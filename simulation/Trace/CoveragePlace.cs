namespace SimGraph.Simulation.Trace;

/// <summary>Kinds of places that have numbers.</summary>
internal enum CoveragePlace
{
    /// <summary>A kind of trace event.</summary>
    Event = 1,

    /// <summary>The id of a log message.</summary>
    LogMessage = 2,
}
