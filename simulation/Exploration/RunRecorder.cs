using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Simulation.Exploration;

/// <summary>Runs with every choice recorded.</summary>
public static class RunRecorder
{
    /// <summary>Runs a request, whose choices are seeded if it has none, and makes an artifact of the run.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="request">Which run.</param>
    /// <param name="stopped">True when it was stopped before its end.</param>
    public static RunArtifact Record(IScenario scenario, ScenarioRequest request, out bool stopped)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(request);
        var choices = new RecordingChoices(request.Choices ?? new SeededChoices(request.Seed));
        ScenarioOutcome outcome = scenario.Run(request with { Choices = choices });
        stopped = outcome.Result.Stopped;
        return ArtifactOf(scenario, request, outcome, choices.Recording);
    }

    /// <summary>Runs a case, whose plan is given and kept in the artifact.</summary>
    public static RunArtifact Record(IPlannedScenario scenario, FailingCase failing, ScenarioRequest view)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(failing);
        ArgumentNullException.ThrowIfNull(view);
        var choices = new RecordingChoices(failing.CreateChoices());
        ScenarioRequest request = view with { Seed = failing.Seed, Choices = choices };
        ScenarioOutcome outcome = scenario.Run(request, failing.Plan);
        return ArtifactOf(scenario, request, outcome, choices.Recording) with { Plan = PlanText.Write(failing.Plan), Fixed = failing.Fixed };
    }

    /// <summary>The artifact of a run that was made with its choices recorded.</summary>
    public static RunArtifact ArtifactOf(IScenario scenario, ScenarioRequest request, ScenarioOutcome outcome, ChoiceRecording choices) => new()
    {
        Scenario = scenario.Name,
        Profile = request.Profile,
        Seed = request.Seed,
        Options = outcome.Options,
        Build = BuildIdentity.Of(scenario.GetType().Assembly),
        Violation = outcome.Result.Violation,
        Hash = outcome.Result.Hash,
        Steps = outcome.Result.Steps,
        Checkpoints = outcome.Result.Checkpoints,
        Choices = choices,
    };
}
