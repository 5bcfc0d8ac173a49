using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>Violations of one class and name, which are likely one defect, with the first run that shows it.</summary>
public sealed record ViolationGroup
{
    /// <summary>The smallest seed that shows it.</summary>
    public required ulong FirstSeed { get; init; }

    /// <summary>The violation of that seed.</summary>
    public required Violation First { get; init; }

    /// <summary>What was drawn for the run of that seed.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Options { get; init; }

    /// <summary>Hash of the run of that seed.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Number of runs that show it.</summary>
    public required long Runs { get; init; }

    /// <summary>Where the artifact of the first run is; null if there is none.</summary>
    public string? ArtifactPath { get; init; }

    /// <summary>Why there is no artifact; null if none was asked for, or there is one.</summary>
    public string? ArtifactProblem { get; init; }

    /// <summary>Whether a replay is worth trying: false when the run did not end, or never began.</summary>
    internal bool CanRunAgain { get; init; } = true;
}
