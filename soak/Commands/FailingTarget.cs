using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Soak.Commands;

/// <summary>A failed run that a command line names by its seed or by its recording.</summary>
/// <param name="Scenario">What it is a run of.</param>
/// <param name="Case">The run.</param>
/// <param name="Profile">How rough its world is.</param>
internal sealed record FailingTarget(IPlannedScenario Scenario, FailingCase Case, string Profile)
{
    /// <exception cref="UsageException">There is no such run, or it has no plan that could be changed.</exception>
    public static FailingTarget Of(IReadOnlyList<IScenario> scenarios, string target, string scenario, string profile) =>
        ulong.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? OfSeed(scenarios, scenario, profile, seed)
            : OfArtifact(scenarios, RunArtifact.Load(target));

    private static FailingTarget OfSeed(IReadOnlyList<IScenario> scenarios, string name, string profile, ulong seed)
    {
        IPlannedScenario scenario = Planned(Parsing.Find(scenarios, name));
        object plan = scenario.Plan(new ScenarioRequest { Seed = seed, Profile = profile });
        return new FailingTarget(scenario, FailingCase.Of(seed, plan), profile);
    }

    private static FailingTarget OfArtifact(IReadOnlyList<IScenario> scenarios, RunArtifact artifact)
    {
        IPlannedScenario scenario = Planned(Parsing.Find(scenarios, artifact.Scenario));
        if (artifact.Choices.Picks)
        {
            throw new UsageException("the run was scheduled by a strategy of `explore`, whose picks mean nothing in another run; give a failure that `run` found");
        }

        return artifact.Plan is { } plan
            ? new FailingTarget(scenario, FailingCase.Of(artifact.Seed, ReadPlan(plan, scenario)) with { Fixed = artifact.Fixed }, artifact.Profile)
            : OfSeed(scenarios, artifact.Scenario, artifact.Profile, artifact.Seed);
    }

    private static object ReadPlan(string plan, IPlannedScenario scenario)
    {
        try
        {
            return PlanText.Read(plan, scenario.PlanType);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static IPlannedScenario Planned(IScenario scenario) =>
        scenario as IPlannedScenario ?? throw new UsageException($"scenario {scenario.Name} has no plan that could be changed");
}
