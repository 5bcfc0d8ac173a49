using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

/// <summary>Compares a run with the events of another, event by event, while it is made.</summary>
/// <param name="expected">The other run's events.</param>
/// <param name="found">Cancelled at the first difference.</param>
internal sealed class TraceComparison(IReadOnlyList<TraceRecord> expected, CancellationTokenSource found)
{
    private int _compared;

    /// <summary>Position of the first difference; null while there is none.</summary>
    public int? Position { get; private set; }

    /// <summary>The event that came instead; null when the run ended before.</summary>
    public TraceRecord? Instead { get; private set; }

    /// <summary>Where the code was when it came.</summary>
    public string Stack { get; private set; } = string.Empty;

    public void Add(TraceRecord happened)
    {
        if (Position is not null || (_compared < expected.Count && IsSame(expected[_compared], happened)))
        {
            _compared++;
            return;
        }

        Position = _compared;
        Instead = happened;
        Stack = CallSites.Capture();
        found.Cancel();
    }

    /// <summary>The run has come to its end.</summary>
    public void End()
    {
        if (Position is null && _compared < expected.Count)
        {
            Position = _compared;
        }
    }

    // Text is for readers, and may show what is not part of the run.
    private static bool IsSame(TraceRecord left, TraceRecord right) => left with { Text = null } == right with { Text = null };
}
