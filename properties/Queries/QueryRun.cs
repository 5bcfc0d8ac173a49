// One machine with a graph on its disk, which is written to all the time. Readers, submitters and subscribers use what queries are made of, and give up in every way there is; the pool
// and the feed are stopped under them; at a random moment everything is told to stop. Then, as after each disposal and stop before, nothing may be alive.

using SimGraph.Properties.Storage.Graph;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Queries;

/// <summary>One run of the scenario.</summary>
internal sealed class QueryRun(World world, IPlatform harness, QueryPlan plan)
{
    private const int SegmentBytes = 1 << 20;
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync()
    {
        Machine machine = world.AddMachine("query", new MachineOptions());
        machine.Boot((platform, stop) => ServeAsync(platform, machine, stop));
        await _begun.Task;
        ChoiceSite when = world.Site("query.pause");
        TimeSpan left = plan.Time;
        for (int i = 0; i < plan.MachinePauses; i++)
        {
            TimeSpan before = left * (world.Choose(when, world.Harness, 100) / 200.0);
            await DelayAsync(before);
            left -= before;
            world.CountFault("machine.pause");
            machine.Pause();
            await DelayAsync(TimeSpan.FromMilliseconds(1 + world.Choose(when, world.Harness, 300)));
            machine.Resume();
        }

        await DelayAsync(left);
        world.Trace.Emit(TraceKind.Phase, null, text: "stop");
        await machine.StopAsync(StopLimit);
    }

    private Task DelayAsync(TimeSpan delay) => harness.Clock.DelayAsync(delay, CancellationToken.None);

    private async Task ServeAsync(IPlatform platform, Machine host, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "store");
        LoggedGraph graph = await LoggedGraph.OpenAsync(platform, scope, new GraphPlan(plan.Tree, SegmentBytes, []), CancellationToken.None);
        var machine = new QueryMachine(world, platform, plan, graph);
        machine.Pools = new PoolHost(machine);
        machine.Feeds = new FeedHost(machine);
        var writer = new GraphWriter(machine);
        await writer.BeginAsync(CancellationToken.None);
        host.Disk.Faults = plan.Disk;
        var users = new TaskScope(platform.Tasks, "users");
        users.Run("writer", writer.RunAsync);
        users.Run("pool-host", machine.Pools.RunAsync);
        users.Run("feed-host", machine.Feeds.RunAsync);
        for (int i = 1; i <= plan.Readers; i++)
        {
            users.Run($"reader-{i}", new Reader(machine, $"reader-{i}").RunAsync);
        }

        for (int i = 1; i <= plan.Submitters; i++)
        {
            users.Run($"submitter-{i}", new Submitter(machine, $"submitter-{i}").RunAsync);
        }

        for (int i = 1; i <= plan.Subscribers; i++)
        {
            users.Run($"subscriber-{i}", new Subscriber(machine, $"subscriber-{i}").RunAsync);
        }

        _begun.TrySetResult();
        Task stopped = stop.WhenCancelledAsync(out CancellationTokenRegistration registration);
        await stopped;
        await registration.DisposeAsync();
        await StopAsync(machine, users, host);
    }

    /// <summary>In one of three ways: the users first, when they are done or in the middle of it, or what they use.</summary>
    private static async Task StopAsync(QueryMachine machine, TaskScope users, Machine host)
    {
        Random random = machine.Platform.Random.Get("stop");
        int way = random.Next(3);
        bool usersFirst = way < 2;
        if (way == 0)
        {
            machine.IsEnding = true;
            foreach (ScopedTask user in users.SnapshotAlive())
            {
                await user.Completion;
            }
        }

        if (usersFirst)
        {
            await users.StopAsync(StopLimit);
        }

        await machine.Pools.StopAsync(random);
        await machine.Feeds.StopAsync();
        if (!usersFirst)
        {
            await users.StopAsync(StopLimit);

            // A host may have opened another one meanwhile.
            await machine.Pools.StopAsync(random);
            await machine.Feeds.StopAsync();
        }

        host.Disk.Faults = DiskFaultOptions.None;
        await machine.Graph.StopAsync();
    }
}
