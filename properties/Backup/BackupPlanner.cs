using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Backup;

/// <summary>Draws a plan: a cluster with its faults as in the cluster scenario, without an operator, and a taker with faults of its own.</summary>
internal sealed class BackupPlanner(PlanChoices choices, string profile)
{
    private static readonly long[] FileSizes = [64L * 1024 * 1024, 1, 500, 5_000];

    private readonly FaultDraws _faults = new(profile, (option, bound) => choices.Draw($"backup.{option}", bound));

    public BackupPlan Draw()
    {
        ClusterPlan cluster = new ClusterPlanner(choices, profile).Draw(static shape => shape with { Nodes = Math.Min(shape.Nodes, 3) }) with { Changes = [], Spares = 0 };
        var plan = new BackupPlan
        {
            Cluster = cluster,
            PauseMax = TimeSpan.FromMilliseconds(20 + Draw("pause-max", 4_000)),
            FollowPercent = Draw("follow", 101),
            FileBytesMax = FileSizes[Draw("file-bytes", FileSizes.Length)],
            Indexes = 1 + Draw("indexes", 3),
            NewMembers = 1 + (2 * Draw("new-members", 2)),
        };
        return profile == Profiles.Performance ? plan : plan with
        {
            CrashPauseMax = TimeSpan.FromMilliseconds(_faults.Enabled("crashes") ? 300 + Draw("crash-pause", 6_000) : 0),
            Disk = DiskFaultOptions.None with
            {
                WriteErrorPartsPerMillion = _faults.Rate("write-error", 100_000),
                FailedFlushPartsPerMillion = _faults.Rate("failed-flush", 100_000),
                FailedDirectoryFlushPartsPerMillion = _faults.Rate("failed-directory-flush", 100_000),
                MetadataErrorPartsPerMillion = _faults.Rate("metadata-error", 50_000),
                FullPartsPerMillion = _faults.Rate("full", 20_000),
                StallPartsPerMillion = _faults.Rate("stall", 5_000),
            },
        };
    }

    private int Draw(string option, int bound) => choices.Draw($"backup.{option}", bound);
}
