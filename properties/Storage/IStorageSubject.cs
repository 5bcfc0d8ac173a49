namespace SimGraph.Properties.Storage;

/// <summary>A storage component under crash test: makes workloads from plans. Stateless.</summary>
internal interface IStorageSubject
{
    /// <summary>The part behind <c>storage-</c> in the scenario's name: <c>wal</c>, <c>lsm</c>.</summary>
    string Name { get; }

    /// <summary>One line for lists of scenarios.</summary>
    string Description { get; }

    /// <summary>Probes that a campaign of this component must hit.</summary>
    IReadOnlyList<string> RequiredProbes => [];

    /// <summary>A workload whose component options and operations are all drawn from <paramref name="plan"/>, here and not later.</summary>
    IStorageWorkload Create(Random plan, StorageSize size);
}
