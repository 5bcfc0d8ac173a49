namespace SimGraph.Soak.Commands;

/// <summary>How a run is shown.</summary>
internal sealed record ReproOptions
{
    public bool Twice { get; init; }

    public long Until { get; init; } = long.MaxValue;

    public bool Break { get; init; }

    public bool Events { get; init; } = true;

    public string? Output { get; init; }

    public string? History { get; init; }

    public bool Stacks { get; init; }

    public bool StopsEarly => Until != long.MaxValue && !Break;

    /// <exception cref="UsageException">They do not go together.</exception>
    public void Validate()
    {
        if (Break && Until == long.MaxValue)
        {
            throw new UsageException("--break: say where with --until STEP");
        }

        if (Break && Twice)
        {
            throw new UsageException("--break and --twice exclude each other");
        }
    }
}
