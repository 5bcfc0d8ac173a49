namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>How hard the cause of a failure is looked for.</summary>
public sealed record CauseOptions
{
    /// <summary>Most courses that are tried at one place.</summary>
    public const int CoursesLimit = 1000;

    /// <summary>The search ends when this is over, with what it has by then.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Other courses that are tried from one moment on, and other seeds without one fault: more make a rarer escape visible.</summary>
    public int Courses { get; init; } = 16;

    /// <summary>Runs at a time, each on a thread of its own.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentOutOfRangeException">They make no sense.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Time, TimeSpan.Zero, nameof(Time));
        ArgumentOutOfRangeException.ThrowIfLessThan(Courses, 1, nameof(Courses));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Courses, CoursesLimit, nameof(Courses));
        ArgumentOutOfRangeException.ThrowIfLessThan(Jobs, 1, nameof(Jobs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jobs, 1024, nameof(Jobs));
    }
}
