using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Coyote;

/// <summary>What an exploration by Coyote came to.</summary>
public sealed record CoyoteFinding
{
    /// <summary>Runs made, the failing one included.</summary>
    public required int Runs { get; init; }

    /// <summary>Coyote's seed of the last run: of the failing one, if one failed.</summary>
    public required uint Seed { get; init; }

    /// <summary>The last run: the failing one, if one failed. Null if the run itself could not end.</summary>
    public required RunResult? Result { get; init; }

    /// <summary>The choices of the failing run, for this project's own replay and shrinking; null if none failed.</summary>
    public ChoiceRecording? Choices { get; init; }

    /// <summary>Coyote's report of the failure; null if none failed.</summary>
    public string? Report { get; init; }

    /// <summary>Coyote's own trace of the failing run; null if none failed.</summary>
    public string? Trace { get; init; }

    /// <summary>What Coyote says of the runs of its last engine.</summary>
    public string Statistics { get; init; } = string.Empty;

    /// <summary>True if a run failed.</summary>
    public bool Failed => Report is not null;
}
