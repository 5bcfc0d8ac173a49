namespace SimGraph.Properties.Storage;

/// <summary>A storage component under crash test: draws plans of workloads. Stateless.</summary>
internal interface IStorageSubject
{
    /// <summary>The part behind <c>storage-</c> in the scenario's name: <c>wal</c>, <c>lsm</c>.</summary>
    string Name { get; }

    /// <summary>One line for lists of scenarios.</summary>
    string Description { get; }

    /// <summary>Probes that a campaign of this component must hit.</summary>
    IReadOnlyList<string> RequiredProbes => [];

    /// <summary>Draws component options and operations.</summary>
    WorkloadPlan Draw(Random random, StorageSize size);
}
