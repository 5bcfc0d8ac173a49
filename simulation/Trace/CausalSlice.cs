namespace SimGraph.Simulation.Trace;

/// <summary>The events that led to one event, each the cause of the next.</summary>
public static class CausalSlice
{
    /// <summary>The chain that ends with the last event of a kind, oldest first; empty when there is none.</summary>
    /// <param name="events">A whole trace, in order.</param>
    /// <param name="kind">Of the event that is to be explained.</param>
    public static IReadOnlyList<TraceRecord> Of(IReadOnlyList<TraceRecord> events, TraceKind kind)
    {
        ArgumentNullException.ThrowIfNull(events);
        var slice = new List<TraceRecord>();
        TraceRecord? next = events.LastOrDefault(happened => happened.Kind == kind);
        while (next is not null)
        {
            slice.Add(next);
            next = next.Cause is > 0 and var cause && cause <= events.Count ? events[(int)cause - 1] : null;
        }

        slice.Reverse();
        return slice;
    }
}
