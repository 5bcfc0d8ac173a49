// Fails the first, second, third ... operation of the disk that one kind of error can strike, until the workload comes through unharmed; soon after it, later, and at the
// end of the run, the process or the power fails too, and what is left must be as expected. At the end another process goes on as well, and then the power fails. Each run begins on an empty disk, or on what a workload that
// was cut off has left, so that the operations of recovery fail as well.

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

    private const int MomentsMax = 8;

    // The cut that left what it begins with, if there was one.
    private int _faultsBefore;

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
            if (Recording.CutOff(worlds, before, seed, "before the failures") is not { } cut)
            {
                return;
            }

            (disk, adopted) = cut;
            _faultsBefore = 1;
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

                if (!Fail(workload, create, disk, kind, nth, out strikes))
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

    private bool Fail(IStorageWorkload workload, Func<IStorageWorkload> create, DiskSnapshot disk, DiskFaultKind kind, int nth, out bool strikes)
    {
        var moments = new List<CrashPoint>();
        bool struck = false;
        bool goesOn = worlds.Run(
            new WorldSetting(disk, workload.RunAsync)
            {
                FaultsBefore = _faultsBefore,
                Script = async (_, machine, _) =>
                {
                    machine.Disk.FailAt(kind, nth);
                    int operations = 0;
                    machine.Disk.OperationLanding = () =>
                    {
                        // The first, second, fourth, eighth ... operation behind it.
                        operations += machine.Disk.OpportunitiesOf(kind) >= nth ? 1 : 0;
                        if (operations > 0 && (operations & (operations - 1)) == 0 && moments.Count < MomentsMax)
                        {
                            moments.Add(new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation));
                        }
                    };
                    await machine.Process!.Exited;
                    machine.Disk.OperationLanding = null;
                    struck = machine.Disk.OpportunitiesOf(kind) >= nth;
                    moments.Add(new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation));
                },
            },
            () => $"while operation {nth} that can suffer {kind} suffered it\n{workload.Describe()}");
        strikes = struck;
        if (!goesOn || !struck)
        {
            return goesOn;
        }

        worlds.Count("storage.failures");
        foreach (CrashPoint moment in moments)
        {
            ulong drawn = Seeds.Derive(seed, ((ulong)kind << 56) | ((ulong)nth << 24) | (uint)moment.Number);
            bool isEnd = moment == moments[^1];
            var patterns = new SurvivalPatterns(moment.Disk, subsetsMax: 0, chosenMax: isEnd ? 2 : 1, drawn);
            foreach (Survivor survivor in isEnd ? patterns.All() : patterns.Worst())
            {
                if (!Check(workload, moment, survivor, _faultsBefore + 2, kind, nth))
                {
                    return false;
                }
            }
        }

        return GoOn(create(), moments[^1], kind, nth);
    }

    // After the failure another process goes on, on the same device that never lost its power: what the failure took away is still to be seen, and nothing flushes it again.
    private bool GoOn(IStorageWorkload workload, CrashPoint end, DiskFaultKind kind, int nth)
    {
        Survivor[] killed = [.. new SurvivalPatterns(end.Disk, subsetsMax: 0, chosenMax: 0, seed).All().Where(static survivor => !survivor.LosesPower).Take(1)];
        foreach (Survivor left in killed)
        {
            var second = new SecondProcess(worlds, Seeds.Derive(seed, (ulong)nth));
            if (second.Run(workload, end.Expectation, left, _faultsBefore + 2, goesToItsEnd: true, $"operation {nth} that can suffer {kind} suffered it") is not { } moment)
            {
                return false;
            }

            foreach (Survivor survivor in second.Survivors(moment))
            {
                if (!Check(workload, moment, survivor, _faultsBefore + 3, kind, nth))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool Check(IStorageWorkload workload, CrashPoint moment, Survivor survivor, long faultsBefore, DiskFaultKind kind, int nth)
    {
        worlds.Count("storage.recoveries");
        return worlds.Run(
            new WorldSetting(survivor.Disk, (platform, stop) => workload.CheckAsync(platform, moment.Expectation, stop)) { FaultsBefore = faultsBefore },
            () => $"operation {nth} that can suffer {kind} suffered it, and {moment.Number} operations later {(survivor.LosesPower ? "power loss" : "a crash")} followed; "
                + $"survivor: {survivor}\n{workload.Describe()}");
    }
}
