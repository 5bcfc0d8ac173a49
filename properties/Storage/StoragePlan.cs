using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>Everything that a run of a storage scenario is made from, but the choices of its worlds.</summary>
internal sealed record StoragePlan
{
    /// <summary>How the component is explored.</summary>
    public StorageMode Mode { get; init; }

    /// <summary>How far.</summary>
    public StorageLimits Limits { get; init; } = StorageLimits.Of(Profiles.Swarm);

    /// <summary>Whether chance points in the code fire.</summary>
    public bool ChancePoints { get; init; }

    /// <summary>
    /// For <see cref="StorageMode.CrashPoints"/> one for each depth, the last of them for a process that only goes on; for the other modes the one that is explored, behind one that
    /// was cut off on the same disk, if there are two.
    /// </summary>
    public IReadOnlyList<WorkloadPlan> Workloads { get; init; } = [];

    /// <summary>For <see cref="StorageMode.Lives"/>, one after the other.</summary>
    public IReadOnlyList<LifePlan> Lives { get; init; } = [];
}
