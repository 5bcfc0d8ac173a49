using System.Globalization;
using System.Reflection;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster;

/// <summary>1 to 7 nodes of the graph database and several clients under faults; checked for safety all the time and for liveness after healing.</summary>
public sealed class ClusterScenario : PlannedScenario<ClusterPlan>
{
    /// <inheritdoc/>
    public override string Name => "cluster";

    /// <inheritdoc/>
    public override string Description => "a replicated graph database of 1 to 7 nodes with clients, under network, disk, clock and machine faults";

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes => ClusterProbes.Required;

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, ClusterPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run(request.ToWorldOptions(), plan, request.HistoryListener);
    }

    /// <summary>Runs a given plan.</summary>
    public static ScenarioOutcome Run(WorldOptions options, ClusterPlan plan, Action<string>? historyListener = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(options with { Network = plan.Network, ChancePoints = plan.ChancePoints });
        ClusterRun? run = null;
        RunResult result = world.Run((_, harness) => (run = new ClusterRun(world, harness, plan)).RunAsync());
        if (historyListener is not null && run is not null)
        {
            foreach (string line in run.History.Lines())
            {
                historyListener(line);
            }
        }

        return new ScenarioOutcome(result, Expand(plan));
    }

    /// <inheritdoc/>
    protected override ClusterPlan Draw(PlanChoices choices, string profile) => new ClusterPlanner(choices, profile).Draw();

    internal static List<KeyValuePair<string, string>> Expand(ClusterPlan plan)
    {
        var expanded = new List<KeyValuePair<string, string>>();
        Expand(string.Empty, plan, expanded);
        for (int i = 0; i < plan.Faults.Count; i++)
        {
            expanded.Add(new KeyValuePair<string, string>($"script[{i}]", plan.Faults[i].ToString()));
        }

        for (int i = 0; i < plan.Maneuvers.Count; i++)
        {
            expanded.Add(new KeyValuePair<string, string>($"maneuver[{i}]", plan.Maneuvers[i].ToString()));
        }

        for (int i = 0; i < plan.Changes.Count; i++)
        {
            expanded.Add(new KeyValuePair<string, string>($"operator[{i}]", plan.Changes[i].ToString()));
        }

        return expanded;
    }

    /// <summary>Lists every option of a record, and of the records in it, by name.</summary>
    private static void Expand(string prefix, object record, List<KeyValuePair<string, string>> expanded)
    {
        foreach (PropertyInfo property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken))
        {
            if (property.GetIndexParameters().Length > 0 || property.Name is nameof(ClusterPlan.Faults) or nameof(ClusterPlan.Maneuvers) or nameof(ClusterPlan.Changes) && record is ClusterPlan)
            {
                continue;
            }

            object? value = property.GetValue(record);
            if (value is IFormattable or bool or string)
            {
                expanded.Add(new KeyValuePair<string, string>(prefix + property.Name, Convert.ToString(value, CultureInfo.InvariantCulture)!));
            }
            else if (value is not null)
            {
                Expand($"{prefix}{property.Name}.", value, expanded);
            }
        }
    }
}
