using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>What a campaign keeps of a run until it is its turn to be counted.</summary>
internal sealed record RunDigest
{
    public required ulong Seed { get; init; }

    /// <summary>Null when the run threw or did not end.</summary>
    public RunResult? Result { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    public Violation? Violation { get; init; }

    /// <summary>Steps of the second run; -1 when there was none.</summary>
    public long RepeatedSteps { get; init; } = -1;

    public bool Unfinished { get; init; }
}
