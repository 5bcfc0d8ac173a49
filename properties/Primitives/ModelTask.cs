using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Primitives;

/// <summary>A task, and what became of it.</summary>
internal sealed class ModelTask
{
    /// <summary>Null until its scope has started it.</summary>
    public ScopedTask? Started { get; set; }

    public bool HasEnded { get; private set; }

    public TimeSpan EndedAt { get; private set; }

    /// <summary>The exception that it ended with, if its scope must take that for a failure.</summary>
    public Exception? Failure { get; private set; }

    public void End(TimeSpan now, Exception? failure)
    {
        HasEnded = true;
        EndedAt = now;
        Failure = failure;
    }
}
