// Flips one bit at rest, in every file that a workload leaves, and lets the component open what it finds: it must notice, or the bit must not matter.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Storage;

/// <summary>Explores single flipped bits.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="limits">How far it goes.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class RotExplorer(WorldSeries worlds, StorageLimits limits, ulong seed)
{
    internal const string NoticedProbe = "storage.rot-noticed";

    /// <summary>Explores what a workload, which must be an <see cref="IRotCheck"/>, leaves.</summary>
    public void Explore(IStorageWorkload workload)
    {
        var recording = new Recording(workload);
        if (!recording.Run(worlds, DiskSnapshot.Empty, "before the rot"))
        {
            return;
        }

        CrashPoint end = recording.Points[^1];
        DiskSnapshot disk = end.Disk.After(losesPower: true, static (_, _) => 0);
        (string Path, long Bytes)[] files = [.. disk.Files.Select(path => (path, disk.DurableBytesOf(path))).Where(static file => file.Item2 > 0)];
        long bytes = files.Sum(static file => file.Bytes);
        for (int flip = 0; flip < limits.FlipsMax && bytes > 0; flip++)
        {
            ulong drawn = Seeds.Derive(seed, (ulong)flip);
            long place = (long)(drawn % (ulong)bytes);
            int index = 0;
            while (place >= files[index].Bytes)
            {
                place -= files[index++].Bytes;
            }

            if (!Flip(workload, end.Expectation, disk, files[index].Path, place, (int)(drawn >> 61)))
            {
                return;
            }
        }
    }

    private bool Flip(IStorageWorkload workload, object expectation, DiskSnapshot disk, string path, long offset, int bit)
    {
        if (disk.WithFlippedBit(path, offset, bit) is not { } rotten)
        {
            return true;
        }

        worlds.Count("storage.flipped-bits");
        worlds.Count("storage.recoveries");
        bool noticed = false;
        bool goesOn = worlds.Run(
            new WorldSetting(
                rotten, async (platform, stop) => noticed = await ((IRotCheck)workload).CheckRottenAsync(platform, expectation, path, stop)) { FaultsBefore = 2 },
            () => $"with bit {bit} of byte {offset} of {path} flipped\n{workload.Describe()}");
        if (noticed)
        {
            worlds.Count("storage.flipped-bits-noticed");
            worlds.Reached(NoticedProbe);
        }

        return goesOn;
    }
}
