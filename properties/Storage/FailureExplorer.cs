// Fails the first, second, third ... operation of the disk that one kind of error can strike, until the workload comes through unharmed; after each, the process or the power
// fails too, and what is left must be as expected. Each run begins on an empty disk, or on what a workload that was cut off has left, so that
// the operations of recovery fail as well.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Storage;

/// <summary>Explores single failures of the disk.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="limits">How far it goes.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class FailureExplorer(WorldSeries worlds, StorageLimits limits, ulong seed)
{
    internal const string UnharmedProbe = "storage.unharmed-after-all-failures";

    private static readonly DiskFaultKind[] Kinds =
    [
        DiskFaultKind.FailedFlush, DiskFaultKind.WriteError, DiskFaultKind.FailedDirectoryFlush, DiskFaultKind.MetadataError, DiskFaultKind.Full, DiskFaultKind.ReadError,
    ];

    /// <summary>Explores every kind of failure.</summary>
    /// <param name="create">Makes the workload; each call gives an equal one.</param>
    /// <param name="before">What ran on the disk before, and was cut off; null for an empty disk.</param>
    public void Explore(Func<IStorageWorkload> create, IStorageWorkload? before)
    {
        DiskSnapshot disk = DiskSnapshot.Empty;
        object? adopted = null;
        if (before is not null)
        {
            var recording = new Recording(before);
            if (!recording.Run(worlds, disk, "before the failures"))
            {
                return;
            }

            CrashPoint point = recording.Points[(int)(seed % (ulong)recording.Points.Count)];
            Survivor[] survivors = [.. new SurvivalPatterns(point.Disk, subsetsMax: 0, chosenMax: 1, seed).All()];
            disk = survivors[^1].Disk;
            adopted = point.Expectation;
        }

        foreach (DiskFaultKind kind in Kinds)
        {
            bool strikes = true;
            for (int nth = 1; strikes && nth <= limits.FailuresMax; nth++)
            {
                IStorageWorkload workload = create();
                if (adopted is not null)
                {
                    workload.Adopt(adopted);
                }

                if (!Fail(workload, disk, kind, nth, out strikes))
                {
                    return;
                }
            }

            if (!strikes)
            {
                worlds.Reached(UnharmedProbe);
            }
        }
    }

    private bool Fail(IStorageWorkload workload, DiskSnapshot disk, DiskFaultKind kind, int nth, out bool strikes)
    {
        DiskSnapshot? left = null;
        bool struck = false;
        bool goesOn = worlds.Run(
            new WorldSetting(disk, workload.RunAsync)
            {
                Script = async (_, machine, _) =>
                {
                    machine.Disk.FailAt(kind, nth);
                    await machine.Process!.Exited;
                    struck = machine.Disk.OpportunitiesOf(kind) >= nth;
                    left = machine.Disk.TakeSnapshot();
                },
            },
            () => $"while operation {nth} that can suffer {kind} suffered it\n{workload.Describe()}");
        strikes = struck;
        if (!goesOn || !struck)
        {
            return goesOn;
        }

        worlds.Count("storage.failures");
        var patterns = new SurvivalPatterns(left!, subsetsMax: 4, chosenMax: 2, Seeds.Derive(seed, ((ulong)kind << 32) | (uint)nth));
        foreach (Survivor survivor in patterns.All())
        {
            worlds.Count("storage.recoveries");
            object expectation = workload.Expectation;
            if (!worlds.Run(
                new WorldSetting(survivor.Disk, (platform, stop) => workload.CheckAsync(platform, expectation, stop)),
                () => $"after operation {nth} that can suffer {kind} suffered it, the program ended, and {(survivor.LosesPower ? "power loss" : "a crash")} followed; "
                    + $"survivor: {survivor}\n{workload.Describe()}"))
            {
                return false;
            }
        }

        return true;
    }
}
