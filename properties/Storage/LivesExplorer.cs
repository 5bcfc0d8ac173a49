// One disk, many lives: a workload runs under random faults, is cut off or stopped at a random moment, what is left is checked on a fork, and the next one
// goes on from it. What only a long history brings about (an unflushed recovery followed by a power loss, numbers that are used again) shows here.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>Explores long histories of one disk.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class LivesExplorer(WorldSeries worlds, ulong seed)
{
    internal const string LivedProbe = "storage.next-life-begun";

    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);
    private readonly List<string> _past = [];
    private long _faults;

    /// <summary>Lives them, one after the other.</summary>
    public void Explore(IReadOnlyList<LifePlan> lives)
    {
        DiskSnapshot disk = DiskSnapshot.Empty;
        object? adopted = null;
        for (int life = 0; life < lives.Count; life++)
        {
            LifePlan plan = lives[life];
            IStorageWorkload workload = plan.Workload.Create();
            if (adopted is not null)
            {
                workload.Adopt(adopted);
                worlds.Reached(LivedProbe);
            }

            worlds.Count("storage.lives");
            if (Live(plan, workload, disk, life) is not { } end)
            {
                return;
            }

            _past.Add($"life {life}: {plan}");
            ulong drawn = Seeds.Derive(seed, (ulong)life);
            Survivor survivor = Survive(end.Disk, plan.End, drawn);
            _past[^1] += $"; survivor: {survivor}";
            if (!Check(plan, workload, survivor, end, life))
            {
                return;
            }

            disk = survivor.Disk;
            adopted = end.Expectation;
        }
    }

    private static Survivor Survive(DiskSnapshot disk, LifeEnd end, ulong drawn)
    {
        Survivor[] survivors = [.. new SurvivalPatterns(disk, subsetsMax: 0, chosenMax: 6, drawn).All()];
        Survivor[] fitting = [.. survivors.Where(survivor => survivor.LosesPower == (end == LifeEnd.PowerLoss))];
        return fitting.Length == 0 ? survivors[0] : fitting[drawn % (ulong)fitting.Length];
    }

    private CrashPoint? Live(LifePlan plan, IStorageWorkload workload, DiskSnapshot disk, int life)
    {
        CrashPoint? end = null;
        bool goesOn = worlds.Run(
            new WorldSetting(disk, workload.RunAsync)
            {
                FaultsBefore = _faults,
                Faults = plan.Faults,
                Script = async (_, machine, _) => end = await LiveAsync(plan, workload, machine),
            },
            () => Describe(plan, life, "while it lived"));
        _faults += worlds.LastFaults + (plan.End == LifeEnd.Stop ? 0 : 1);
        return goesOn ? end : null;
    }

    private static async Task<CrashPoint> LiveAsync(LifePlan plan, IStorageWorkload workload, Machine machine)
    {
        int operations = 0;
        await Moments.WhenAsync(machine, () => ++operations == plan.EndsAfter);
        if (plan.End == LifeEnd.Stop)
        {
            await machine.StopAsync(StopLimit);
        }

        return new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation);
    }

    private bool Check(LifePlan plan, IStorageWorkload workload, Survivor survivor, CrashPoint end, int life)
    {
        worlds.Count("storage.recoveries");
        return worlds.Run(
            new WorldSetting(survivor.Disk, (platform, stop) => workload.CheckAsync(platform, end.Expectation, stop)) { FaultsBefore = _faults },
            () => Describe(plan, life, $"after its end at operation {end.Number} by {plan.End}; survivor: {survivor}"));
    }

    private string Describe(LifePlan plan, int life, string when)
    {
        const int PastMax = 5;
        string past = string.Join("\n", _past.TakeLast(PastMax));
        return string.Create(CultureInfo.InvariantCulture, $"in life {life}, {when}\n{plan}\nbefore it ({_past.Count} lives, the last of them):\n{past}");
    }
}
