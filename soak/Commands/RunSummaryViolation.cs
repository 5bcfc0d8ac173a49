using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Soak.Commands;

/// <summary>One kind of violation in a <see cref="RunSummary"/>.</summary>
internal sealed record RunSummaryViolation
{
    public required ViolationClass Class { get; init; }

    public required string Name { get; init; }

    public required string Message { get; init; }

    /// <summary>The smallest seed that shows it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many runs show it.</summary>
    public required long Runs { get; init; }

    public string? Artifact { get; init; }

    public static RunSummaryViolation Of(ViolationGroup group) => new()
    {
        Class = group.First.Class,
        Name = group.First.Name,
        Message = group.First.Message,
        Seed = group.FirstSeed,
        Runs = group.Runs,
        Artifact = group.ArtifactPath,
    };
}
