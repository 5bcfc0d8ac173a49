using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Queries;

/// <summary>Draws a plan from the run's choices.</summary>
internal sealed class QueryPlanner(PlanChoices choices, string profile)
{
    private static readonly int[] Capacities = [1, 2, 7, 100];
    private static readonly int[] Pages = [1, 3, 20, 256];
    private static readonly int[] Memtables = [2 << 10, 8 << 10, 1 << 20];
    private static readonly int[] Caches = [0, 4 << 10, 1 << 20];
    private static readonly int[] Feeds = [1, 2, 5, 1000];

    private readonly FaultDraws _faults = new(profile, (option, bound) => choices.Draw($"query.{option}", bound));

    public QueryPlan Draw()
    {
        QueryPlan plan = DrawShape();
        return profile == Profiles.Performance
            ? plan
            : plan with
            {
                ChancePoints = true,
                MachinePauses = _faults.Enabled("machine.pause") ? Draw("pauses", profile == Profiles.Brutal ? 6 : 3) : 0,
                Disk = DiskFaultOptions.None with
                {
                    ReadErrorPartsPerMillion = _faults.Rate("disk.read-error", 10_000),
                    StallPartsPerMillion = _faults.Rate("disk.stall", 3_000),
                },
            };
    }

    private QueryPlan DrawShape() => new()
    {
        Readers = 1 + Draw("readers", 3),
        Submitters = Draw("submitters", 3),
        Subscribers = Draw("subscribers", 3),
        Time = TimeSpan.FromMilliseconds(500 + Draw("time", profile == Profiles.Brutal ? 5_000 : 2_500)),
        Nodes = 1 + Draw("nodes", 120),
        Edges = Draw("edges", 200),
        WriteInterval = TimeSpan.FromMilliseconds(1 + Draw("write-interval", 100)),
        PauseMax = Draw("pauses-at-all", 3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1 + Draw("pause-max", 60)),
        Capacity = Capacities[Draw("capacity", Capacities.Length)],
        PageSize = Pages[Draw("page", Pages.Length)],
        Workers = 1 + Draw("workers", 4),
        PoolQueue = 1 + Draw("pool-queue", 6),
        FeedQueue = Feeds[Draw("feed-queue", Feeds.Length)],
        PoolLife = DrawLife("pool"),
        FeedLife = DrawLife("feed"),
        MemtableBytes = Memtables[Draw("memtable", Memtables.Length)],
        CacheBytes = Caches[Draw("cache", Caches.Length)],
    };

    private TimeSpan DrawLife(string what) =>
        Draw($"{what}-stops", 3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20 + Draw($"{what}-life", 800));

    private int Draw(string option, int bound) => choices.Draw($"query.{option}", bound);
}
