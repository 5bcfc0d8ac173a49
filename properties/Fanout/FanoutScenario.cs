using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Fanout;

/// <summary>A cluster that publishes over ZeroMQ to read replicas, near and in another data centre, and takes forwarded writes, under faults.</summary>
public sealed class FanoutScenario : PlannedScenario<FanoutPlan>
{
    /// <inheritdoc/>
    public override string Name => "fanout";

    /// <inheritdoc/>
    public override string Description => "1 to 3 members publish over ZeroMQ to 1 to 3 read replicas and take forwarded writes, under network and machine faults";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes => FanoutProbes.Required;

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, FanoutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, FanoutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Network, ChancePoints = plan.ChancePoints });
        RunResult result = world.Run((_, harness) => new FanoutRun(world, harness, plan).RunAsync());
        return new ScenarioOutcome(result, PlanListing.Of(plan));
    }

    /// <inheritdoc/>
    protected override FanoutPlan Draw(PlanChoices choices, string profile) => new FanoutPlanner(choices, profile).Draw();
}
