namespace SimGraph.Soak.Commands;

/// <summary>What a zoom looks at.</summary>
internal sealed record ZoomOptions
{
    /// <summary>Calls that are replayed if no window is given: the last ones.</summary>
    public const int UsualCalls = 200;

    public required string Machine { get; init; }

    public required string Component { get; init; }

    /// <summary>The window's first step.</summary>
    public required long? From { get; init; }

    /// <summary>The step behind the window.</summary>
    public required long? Until { get; init; }

    public required int Schedules { get; init; }

    /// <summary>Where the calls are written; null for a name of its own in the folder of artifacts.</summary>
    public required string? Output { get; init; }

    /// <summary>Whether the rewritten program is built first.</summary>
    public required bool Build { get; init; }

    /// <exception cref="UsageException">They do not go together, or name nothing that there is.</exception>
    public void Validate(IReadOnlyList<string> components)
    {
        if (!components.Contains(Component))
        {
            throw new UsageException($"--component: there is no '{Component}'; there are: {string.Join(", ", components)}");
        }

        if (From >= Until)
        {
            throw new UsageException($"--from {From} is not before --until {Until}: there is no step between them");
        }
    }
}
