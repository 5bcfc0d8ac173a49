using SimGraph.Properties.Cluster;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Backup;

/// <summary>Backups of a cluster that is written to and fails, on a disk that fails, restored to any index and compared with what the cluster was there.</summary>
public sealed class BackupScenario : PlannedScenario<BackupPlan>
{
    /// <inheritdoc/>
    public override string Name => "backup";

    /// <inheritdoc/>
    public override string Description => "backups of a cluster under the faults of the cluster scenario, on a disk that fails, restored to random indexes and compared";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes => ["backup.gap", "backup.taken-while-writing"];

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, BackupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, BackupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Cluster.Network, ChancePoints = plan.Cluster.ChancePoints });
        RunResult result = world.Run((_, harness) => new BackupRun(world, harness, plan).RunAsync());
        return new ScenarioOutcome(result, PlanListing.Of(plan));
    }

    /// <inheritdoc/>
    protected override BackupPlan Draw(PlanChoices choices, string profile) => new BackupPlanner(choices, profile).Draw();
}
