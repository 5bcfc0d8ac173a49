using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>How a replay compares with what was recorded.</summary>
/// <param name="Artifact">The recorded run.</param>
/// <param name="Outcome">The replay.</param>
/// <param name="ChangedAssemblies">Assemblies that are not those of the recorded run; empty for the same build.</param>
public sealed record ReplayReport(RunArtifact Artifact, ScenarioOutcome Outcome, IReadOnlyList<string> ChangedAssemblies)
{
    /// <summary>Whether the replay is the recorded run to the last step and event.</summary>
    public bool HashCameBack => Outcome.Result.Hash == Artifact.Hash && Outcome.Result.Steps == Artifact.Steps;

    /// <summary>Whether the recorded violation, or the recorded absence of one, came back.</summary>
    public bool ViolationCameBack =>
        Outcome.Result.Violation?.Name == Artifact.Violation?.Name && Outcome.Result.Violation?.Class == Artifact.Violation?.Class;

    /// <summary>Whether the run left its recording: it asked for another choice than the recorded run did.</summary>
    public bool Diverged => Outcome.Result.Violation?.Name == World.ReplayDiverged;
}
