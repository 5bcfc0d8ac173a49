// What the tasks of a run share: the graph and its model, the pool and the feed of the moment, and the ways to report.

using SimGraph.Properties.Storage.Graph;
using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Queries;

/// <summary>The machine under test.</summary>
internal sealed class QueryMachine(World world, IPlatform platform, QueryPlan plan, LoggedGraph graph)
{
    /// <summary>Far more than any call takes, also on a disk that stalls now and then.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(20);

    private readonly Dictionary<ulong, GraphPicture> _pictures = [];

    public World World => world;

    public IPlatform Platform => platform;

    public QueryPlan Plan => plan;

    public LoggedGraph Graph => graph;

    public PoolHost Pools { get; set; } = null!;

    public FeedHost Feeds { get; set; } = null!;

    /// <summary>Users finish what they are at and begin nothing more. Nothing is cancelled or stopped meanwhile: what only that would end shows as a hang.</summary>
    public bool IsEnding { get; set; }

    private bool DiskFails => plan.Disk.ReadErrorPartsPerMillion > 0;

    /// <summary>What the graph is at an index.</summary>
    public GraphPicture PictureAt(ulong index) => _pictures[index];

    public void Remember(ulong index, GraphPicture picture) => _pictures[index] = picture;

    public void Reached(string probe) => platform.Probes.Reachable(probe);

    public void Violated(string name, string message) => world.Fail(ViolationClass.Safety, $"query.{name}", message);

    public void Check(bool condition, string name, string message)
    {
        if (!condition)
        {
            Violated(name, message);
        }
    }

    /// <summary>Nothing of a scope is alive, now that what ran in it has been ended.</summary>
    public void CheckNothingLives(TaskScope scope, string after)
    {
        IReadOnlyList<ScopedTask> alive = scope.SnapshotAlive();
        if (alive.Count > 0)
        {
            world.Fail(ViolationClass.Leak, "query.outlived", $"alive after {after}: {string.Join(", ", alive.Take(8))}");
        }
    }

    /// <summary>Reports a hang if it is not disposed in time.</summary>
    public IDisposable Within(string what) => platform.Clock.CreateTimer(
        _ => world.Fail(ViolationClass.Liveness, "query.hangs", $"{what} has not ended within {HangLimit.TotalMinutes} minutes"),
        null,
        HangLimit,
        Timeout.InfiniteTimeSpan);

    /// <summary>True for what a failing disk explains.</summary>
    public bool IsOfDisk(Exception exception) => DiskFails && (exception is DiskException or LsmException || exception.InnerException is DiskException);

    /// <summary>Takes longer than any stop waits, unless it is cancelled: a stop that does not cancel it is late.</summary>
    public Task LingerAsync(CancellationToken cancellation) => platform.Clock.DelayAsync(LingerTime, cancellation);

    /// <summary>Waits for a random time up to the plan's longest pause; now and then not at all.</summary>
    public async Task PauseAsync(Random random, CancellationToken cancellation)
    {
        if (plan.PauseMax > TimeSpan.Zero && random.Next(3) == 0)
        {
            await platform.Clock.DelayAsync(Below(random, plan.PauseMax), cancellation);
        }
    }

    public static TimeSpan Below(Random random, TimeSpan limit) => TimeSpan.FromMicroseconds(random.Next(1, Math.Max(2, (int)limit.TotalMicroseconds)));
}
