// Crash at every operation of the disk: the workload is recorded once, and from every moment of it every survivor (SurvivalPatterns) is recovered from, in a world
// of its own. A process that is killed leaves more: the next one sees what was not flushed. So from every moment, a killed process is followed by another
// one, which finds that, and by a power loss as soon as it has: what it found, it must have made durable. Then the same for a recovery: one survivor is
// drawn, another workload goes on from it, and is recorded in its turn.
//
// After Pillai et al. (OSDI 2014) and Mohan et al., "Finding Crash-Consistency Bugs with Bounded Black-Box Crash Testing" (OSDI 2018).

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Storage;

/// <summary>Explores crashes at every moment of a workload.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="limits">How far it goes.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class CrashExplorer(WorldSeries worlds, StorageLimits limits, ulong seed)
{
    internal const string ExploredProbe = "storage.crash-point-explored";
    internal const string RecoveryExploredProbe = "storage.recovery-explored";

    // Survivors that are the same for the same expectation need no second recovery.
    private readonly HashSet<(UInt128 Digest, int Expectation)> _seen = [];
    private readonly Dictionary<object, int> _expectations = new(ReferenceEqualityComparer.Instance);

    /// <summary>Explores a workload on an empty disk, and recoveries of what it leaves.</summary>
    /// <param name="create">Makes the workload of each depth, an equal one each time; those behind the first adopt what the one before left.</param>
    public void Explore(Func<int, IStorageWorkload> create)
    {
        DiskSnapshot disk = DiskSnapshot.Empty;
        object? adopted = null;
        for (int depth = 0; depth < limits.DepthMax; depth++)
        {
            IStorageWorkload workload = create(depth);
            if (adopted is not null)
            {
                workload.Adopt(adopted);
                worlds.Reached(RecoveryExploredProbe);
            }

            var recording = new Recording(workload);
            if (!recording.Run(worlds, disk, $"depth {depth}", faultsBefore: depth) || !Recover(workload, recording.Points, depth, () => create(depth + 1)))
            {
                return;
            }

            CrashPoint point = recording.Points[(int)(Seeds.Derive(seed, (ulong)depth) % (ulong)recording.Points.Count)];

            // A killed process counts too: what it left in the page cache is seen by the next one, and lost with the power.
            ulong drawn = Seeds.Derive(~seed, (ulong)depth);
            Survivor[] survivors = [.. new SurvivalPatterns(point.Disk, subsetsMax: 0, chosenMax: 2, drawn).All()];
            disk = survivors[drawn % (ulong)survivors.Length].Disk;
            adopted = point.Expectation;
        }
    }

    private bool Recover(IStorageWorkload workload, IReadOnlyList<CrashPoint> points, int depth, Func<IStorageWorkload> next)
    {
        int each = Math.Max(4, limits.RecoveriesMax / points.Count);
        int chosen = Math.Min(limits.ChosenMax, each / 2);
        foreach (CrashPoint point in points)
        {
            worlds.Count("storage.crash-points");
            var patterns = new SurvivalPatterns(
                point.Disk, Math.Min(limits.SubsetsMax, each - chosen), chosen, Seeds.Derive(seed, ((ulong)depth << 32) | (uint)point.Number));
            foreach (Survivor survivor in patterns.All())
            {
                string where = $"before operation {point.Number} took effect (depth {depth}, one of {points.Count} crash points)";
                if ((IsNew(survivor, point.Expectation) && !Check(workload, point.Expectation, survivor, faultsBefore: depth + 1, where))
                    || (!survivor.LosesPower && !CrashTwice(next(), point.Expectation, survivor, faultsBefore: depth + 1, where)))
                {
                    return false;
                }
            }

            worlds.Reached(ExploredProbe);
        }

        return true;
    }

    private bool Check(IStorageWorkload workload, object expectation, Survivor survivor, long faultsBefore, string where)
    {
        worlds.Count("storage.recoveries");
        return worlds.Run(
            new WorldSetting(survivor.Disk, (platform, stop) => workload.CheckAsync(platform, expectation, stop)) { FaultsBefore = faultsBefore },
            () => $"after {(survivor.LosesPower ? "power loss" : "a crash")} {where}; survivor: {survivor}\n{workload.Describe()}");
    }

    // The power fails as soon as the second process is certain of something else than what it was told.
    private bool CrashTwice(IStorageWorkload workload, object adopted, Survivor killed, long faultsBefore, string where)
    {
        var second = new SecondProcess(worlds, seed);
        if (second.Run(workload, adopted, killed, faultsBefore, goesToItsEnd: false, $"a crash {where}") is not { } moment)
        {
            return false;
        }

        foreach (Survivor survivor in second.Survivors(moment))
        {
            string both = $"at operation {moment.Number} of the process that went on after a crash {where}";
            if (IsNew(survivor, moment.Expectation) && !Check(workload, moment.Expectation, survivor, faultsBefore + 1, both))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsNew(Survivor survivor, object expectation)
    {
        if (!survivor.LosesPower)
        {
            return true;
        }

        if (!_expectations.TryGetValue(expectation, out int number))
        {
            number = _expectations.Count;
            _expectations.Add(expectation, number);
        }

        bool isNew = _seen.Add((survivor.Disk.Digest(), number));
        if (!isNew)
        {
            worlds.Count("storage.same-survivors");
        }

        return isNew;
    }
}
