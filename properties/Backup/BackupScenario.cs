using System.Globalization;
using System.Reflection;
using SimGraph.Properties.Cluster;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Backup;

/// <summary>Backups of a cluster that is written to and fails, on a disk that fails, restored to any index and compared with what the cluster was there.</summary>
public sealed class BackupScenario : IScenario
{
    /// <inheritdoc/>
    public string Name => "backup";

    /// <inheritdoc/>
    public string Description => "backups of a cluster under the faults of the cluster scenario, on a disk that fails, restored to random indexes and compared";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes => ["backup.gap", "backup.taken-while-writing"];

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        WorldOptions options = request.ToWorldOptions();
        IChoiceSource choices = options.Choices ?? new SeededChoices(options.Seed);
        return Run(options with { Choices = choices }, new BackupPlanner(new PlanChoices(choices), request.Profile).Draw());
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, BackupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Cluster.Network, ChancePoints = plan.Cluster.ChancePoints });
        RunResult result = world.Run((_, harness) => new BackupRun(world, harness, plan).RunAsync());
        return new ScenarioOutcome(result, Expand(plan));
    }

    private static List<KeyValuePair<string, string>> Expand(BackupPlan plan)
    {
        List<KeyValuePair<string, string>> expanded = ClusterScenario.Expand(plan.Cluster);
        foreach (PropertyInfo property in typeof(BackupPlan).GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken))
        {
            if (property.Name != nameof(BackupPlan.Cluster))
            {
                expanded.Add(new KeyValuePair<string, string>(
                    $"backup.{property.Name}", Convert.ToString(property.GetValue(plan), CultureInfo.InvariantCulture) ?? string.Empty));
            }
        }

        return expanded;
    }
}
