using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>Draws how a disk misbehaves in one life. Nothing here makes durable bytes wrong: what was flushed stays.</summary>
internal static class StorageFaults
{
    /// <summary>Faults of a life under a profile; under <c>swarm</c> a random subset of the kinds.</summary>
    public static DiskFaultOptions Draw(Random plan, string profile)
    {
        if (profile == Profiles.Performance || (profile == Profiles.Lite && plan.Next(2) == 0))
        {
            return DiskFaultOptions.None;
        }

        int Rate(int most) => profile switch
        {
            Profiles.Brutal => plan.Next(4) == 0 ? 0 : 1 + plan.Next(most),
            Profiles.Lite => 1 + plan.Next(1 + (most / 20)),
            _ => plan.Next(2) == 0 ? 0 : 1 + plan.Next(1 + (most / 4)),
        };
        return DiskFaultOptions.None with
        {
            ReadErrorPartsPerMillion = Rate(4_000),
            WriteErrorPartsPerMillion = Rate(8_000),
            FailedFlushPartsPerMillion = Rate(8_000),
            FailedDirectoryFlushPartsPerMillion = Rate(8_000),
            MetadataErrorPartsPerMillion = Rate(8_000),
            FullPartsPerMillion = Rate(4_000),
            FullTime = TimeSpan.FromMilliseconds(1 + plan.Next(5_000)),
            StallPartsPerMillion = Rate(4_000),
        };
    }
}
