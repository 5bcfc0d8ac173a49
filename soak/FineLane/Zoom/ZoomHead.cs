namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>Which calls of which run a file holds; its first line.</summary>
internal sealed record ZoomHead
{
    public const string PresentFormat = "simgraph-zoom 1";

    public required string Format { get; init; }

    public required string Scenario { get; init; }

    public required string Profile { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What did not hold in the fast run; null if all did.</summary>
    public string? Violation { get; init; }

    public required string Machine { get; init; }

    public required string Component { get; init; }

    /// <summary>The window's first step.</summary>
    public required long From { get; init; }

    /// <summary>The step behind the window.</summary>
    public required long Until { get; init; }

    /// <summary>Calls in the window that are not in the file: the older ones.</summary>
    public required int LeftOut { get; init; }
}
