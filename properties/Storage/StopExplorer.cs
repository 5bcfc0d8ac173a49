// At the first, second, third ... operation the workload is told to stop, and from that moment on the disk hangs; or the disk becomes full, and it is told a little later. Every call that it was in ends soon
// (Promptness), the component's own stop takes no longer than the disk, and what is left must be as expected. Each run begins on an empty disk, or on what a workload
// that was cut off has left, so that openings are interrupted as well.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>Explores stops at every moment of a workload, while the disk is in trouble.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="limits">How far it goes.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class StopExplorer(WorldSeries worlds, StorageLimits limits, ulong seed)
{
    internal const string StoppedProbe = "storage.stopped-in-trouble";

    private static readonly TimeSpan TroubleTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FullTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(10);

    // The cut that left what it begins with, if there was one.
    private int _faultsBefore;

    /// <summary>Explores every moment, or a sample when there are many.</summary>
    /// <param name="create">Makes the workload; each call gives an equal one.</param>
    /// <param name="before">What ran on the disk before, and was cut off; null for an empty disk.</param>
    public void Explore(Func<IStorageWorkload> create, IStorageWorkload? before)
    {
        DiskSnapshot disk = DiskSnapshot.Empty;
        object? adopted = null;
        if (before is not null)
        {
            if (Recording.CutOff(worlds, before, seed, "before the stops") is not { } cut)
            {
                return;
            }

            (disk, adopted) = cut;
            _faultsBefore = 1;
        }

        bool isReached = true;
        for (int nth = 1, tried = 0; isReached && tried < limits.StopsMax; tried++)
        {
            IStorageWorkload workload = create();
            if (adopted is not null)
            {
                workload.Adopt(adopted);
            }

            if (!Stop(workload, disk, nth, out isReached))
            {
                return;
            }

            // The first ones are openings; of the rest some will do.
            nth += nth < limits.StopsMax / 2 ? 1 : 1 + (int)(Seeds.Derive(seed, (ulong)nth) % 8);
        }
    }

    // What begins when the token is cancelled hangs; what began before does not.
    private static void Trouble(Machine machine, bool hangs)
    {
        if (hangs)
        {
            machine.Disk.StallFor(TroubleTime);
        }
    }

    private static string How(bool hangs) => hangs ? "when the disk began to hang" : $"{FullTime} after the disk became full";

    private bool Stop(IStorageWorkload workload, DiskSnapshot disk, int nth, out bool isReached)
    {
        CrashPoint? end = null;
        bool reached = false;
        bool hangs = Seeds.Derive(~seed, (ulong)nth) % 2 == 0;
        Machine? computer = null;
        bool goesOn = worlds.Run(
            new WorldSetting(disk, async (platform, stop) =>
            {
                using TokenSubscription subscription = stop.Subscribe(_ => Trouble(computer!, hangs && reached), null);
                await workload.RunAsync(platform, stop);
            })
            {
                FaultsBefore = _faultsBefore,
                Script = async (_, machine, harness) =>
                {
                    computer = machine;
                    int operations = 0;
                    await Moments.WhenAsync(machine, () => reached |= ++operations == nth);
                    if (reached && !hangs)
                    {
                        // Until it is told to stop, whoever needs room fills what there is to fill.
                        machine.Disk.FillFor(TroubleTime);
                        await harness.Clock.DelayAsync(FullTime, CancellationToken.None);
                    }

                    await machine.StopAsync(StopLimit);
                    end = new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation);
                },
            },
            () => $"told to stop {How(hangs)}, at operation {nth}\n{workload.Describe()}");
        isReached = reached;
        if (!goesOn || !reached)
        {
            return goesOn;
        }

        worlds.Count("storage.stops");
        worlds.Reached(StoppedProbe);
        foreach (Survivor survivor in new SurvivalPatterns(end!.Disk, subsetsMax: 0, chosenMax: 1, Seeds.Derive(seed, (ulong)nth)).Worst())
        {
            worlds.Count("storage.recoveries");
            if (!worlds.Run(
                new WorldSetting(survivor.Disk, (platform, stop) => workload.CheckAsync(platform, end.Expectation, stop)) { FaultsBefore = _faultsBefore + 2 },
                () => $"stopped {How(hangs)}, at operation {nth}; survivor: {survivor}\n{workload.Describe()}"))
            {
                return false;
            }
        }

        return true;
    }
}
