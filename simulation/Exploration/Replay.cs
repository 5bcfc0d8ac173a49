using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;
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
    /// <exception cref="ArtifactException">It has a plan, and the scenario takes none, or none of that kind.</exception>
    /// <param name="view">What is to be seen of it: listener, stacks, where to stop. Its seed, profile and choices are replaced by those of the artifact.</param>
    public static ReplayReport Run(IScenario scenario, RunArtifact artifact, ScenarioRequest view)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(view);
        ScenarioRequest request = view with { Seed = artifact.Seed, Profile = artifact.Profile, Choices = new ReplayChoices(artifact.Choices) };
        ScenarioOutcome outcome = artifact.Plan is null ? scenario.Run(request) : RunPlan(scenario, request, artifact.Plan);
        return new ReplayReport(artifact, outcome, BuildIdentity.Of(scenario.GetType().Assembly).DifferencesFrom(artifact.Build));
    }

    private static ScenarioOutcome RunPlan(IScenario scenario, ScenarioRequest request, string plan)
    {
        try
        {
            return scenario is IPlannedScenario planned
                ? planned.Run(request, PlanText.Read(plan, planned.PlanType))
                : throw new ArtifactException($"the recorded run was given a plan, and scenario {scenario.Name} takes none in this build");
        }
        catch (FormatException exception)
        {
            throw new ArtifactException(exception.Message, exception);
        }
    }
}
