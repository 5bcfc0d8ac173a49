using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>Replays recorded runs.</summary>
public static class Replay
{
    /// <summary>
    /// Runs a recorded run again: every choice is answered from the recording, after a check that the run asks what it asked then. Runs on the calling thread.
    /// </summary>
    /// <param name="scenario">The scenario of the artifact's name.</param>
    /// <param name="artifact">The recorded run.</param>
    /// <param name="view">What is to be seen of it: listener, stacks, where to stop. Its seed, profile and choices are replaced by those of the artifact.</param>
    public static ReplayReport Run(IScenario scenario, RunArtifact artifact, ScenarioRequest view)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(view);
        ScenarioOutcome outcome = scenario.Run(
            view with { Seed = artifact.Seed, Profile = artifact.Profile, Choices = new ReplayChoices(artifact.Choices) });
        return new ReplayReport(artifact, outcome, BuildIdentity.Of(scenario.GetType().Assembly).DifferencesFrom(artifact.Build));
    }
}
