using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Backup;

/// <summary>Everything that is drawn before a backup run.</summary>
public sealed record BackupPlan
{
    /// <summary>The cluster, its clients and what happens to them.</summary>
    public ClusterPlan Cluster { get; init; } = new();

    /// <summary>The chance faults of the taker's disk.</summary>
    public DiskFaultOptions Disk { get; init; } = DiskFaultOptions.None;

    /// <summary>Longest time between two ends of the taker's machine; zero for none.</summary>
    public TimeSpan CrashPauseMax { get; init; }

    /// <summary>Longest pause between two calls of the taker.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of follow-ups that follow for a while, in percent.</summary>
    public int FollowPercent { get; init; } = 50;

    /// <summary>A file of entries is ended at this size.</summary>
    public long FileBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Indexes to which each backup is restored, beside its base and its end.</summary>
    public int Indexes { get; init; } = 3;

    /// <summary>Members of the cluster that is restored and started in the end.</summary>
    public int NewMembers { get; init; } = 3;
}
