using SimGraph.Properties.Backup;
using SimGraph.Properties.Bench;
using SimGraph.Properties.Cluster;
using SimGraph.Properties.Discovery;
using SimGraph.Properties.Fanout;
using SimGraph.Properties.Interleavings;
using SimGraph.Properties.Mailboxes;
using SimGraph.Properties.Primitives;
using SimGraph.Properties.Queries;
using SimGraph.Properties.Storage;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties;

/// <summary>The scenarios that the command line offers.</summary>
public static class ScenarioCatalog
{
    /// <summary>All scenarios, in the order in which they are listed.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new ClusterScenario(), new DiscoveryScenario(), new MailboxScenario(), new PrimitivesScenario(), new FanoutScenario(), new BackupScenario(), new QueryScenario(), .. StorageSubjects.Scenarios(),
        .. InterleavingScenarios.Broken, .. InterleavingScenarios.Repaired,
    ];

    /// <summary>What <c>bench cluster</c> measures.</summary>
    public static IClusterBench? ClusterBench { get; } = new ClusterBench();
}
