using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

public sealed class SchedulerTests
{
    [Fact]
    public void A_seed_gives_the_same_run_every_time()
    {
        RunResult first = Worlds.Run(7, RaceAsync(new List<string>()));
        RunResult second = Worlds.Run(7, RaceAsync(new List<string>()));

        Assert.Null(first.Violation);
        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.Steps, second.Steps);
        Assert.Equal(first.VirtualTime, second.VirtualTime);
    }

    [Fact]
    public void Seeds_explore_every_order_of_three_tasks()
    {
        var orders = new SortedSet<string>(StringComparer.Ordinal);
        var hashes = new HashSet<ulong>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            var order = new List<string>();
            RunResult result = Worlds.Run(seed, RaceAsync(order, yields: 0));
            Assert.Null(result.Violation);
            orders.Add(string.Concat(order));
            hashes.Add(result.Hash);
        }

        Assert.Equal(["abc", "acb", "bac", "bca", "cab", "cba"], orders);
        Assert.True(hashes.Count >= 6);
    }

    [Fact]
    public void Time_jumps_to_the_next_timer_and_fires_in_order_of_due_time()
    {
        var log = new List<(string Name, TimeSpan At)>();
        RunResult result = Worlds.Run(1, async (world, platform) =>
        {
            await using var scope = new TaskScope(platform.Tasks, "test");
            foreach ((string name, int seconds) in new[] { ("late", 3600), ("early", 1), ("middle", 60) })
            {
                scope.Run(name, async cancellationToken =>
                {
                    await platform.Clock.DelayAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
                    log.Add((name, world.Now));
                });
            }

            await platform.Clock.DelayAsync(TimeSpan.FromSeconds(4000), CancellationToken.None);
        });

        Assert.Null(result.Violation);
        Assert.Equal([("early", TimeSpan.FromSeconds(1)), ("middle", TimeSpan.FromSeconds(60)), ("late", TimeSpan.FromSeconds(3600))], log);
        Assert.Equal(TimeSpan.FromSeconds(4000), result.VirtualTime);
    }

    [Fact]
    public void A_timer_that_is_due_fires_before_and_after_what_is_ready_at_the_same_time()
    {
        var stepsBefore = new SortedSet<int>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            int steps = 0;
            RunResult result = Worlds.Run(seed, async (_, platform) =>
            {
                var fired = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                TimeSpan due = TimeSpan.FromSeconds(1);
                Task delay = platform.Clock.DelayAsync(due, CancellationToken.None);
                using ITimer timer = platform.Clock.CreateTimer(_ => fired.TrySetResult(steps), null, due, Timeout.InfiniteTimeSpan);
                await delay;
                for (; steps < 3; steps++)
                {
                    await Task.Yield();
                }

                stepsBefore.Add(await fired.Task);
            });
            Assert.Null(result.Violation);
        }

        Assert.Equal([0, 1, 2, 3], stepsBefore);
    }

    [Fact]
    public void A_run_that_waits_for_nothing_is_a_deadlock_and_names_who_waits()
    {
        RunResult result = Worlds.Run(1, async (_, platform) =>
        {
            var scope = new TaskScope(platform.Tasks, "test");
            scope.Run("waiter", _ => new TaskCompletionSource().Task);
            await new TaskCompletionSource().Task;
        });

        Assert.Equal(ViolationClass.Liveness, result.Violation!.Class);
        Assert.Equal("liveness.deadlock", result.Violation.Name);
        Assert.Contains("test/waiter", result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_never_ends_meets_its_limits()
    {
        Func<World, IPlatform, Task> sleeper = async (_, platform) =>
        {
            while (true)
            {
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        };
        Func<World, IPlatform, Task> spinner = async (_, _) =>
        {
            while (true)
            {
                await Task.Yield();
            }
        };

        RunResult byTime = Worlds.Run(1, sleeper, options => options with { VirtualTimeMax = TimeSpan.FromMinutes(1) });
        RunResult bySteps = Worlds.Run(1, spinner, options => options with { StepsMax = 1000 });
        RunResult stopped = Worlds.Run(1, spinner, options => options with { StopAtStep = 10 });

        Assert.Equal("liveness.time-limit", byTime.Violation!.Name);
        Assert.Equal("liveness.step-limit", bySteps.Violation!.Name);
        Assert.Equal(1000, bySteps.Steps);
        Assert.Null(stopped.Violation);
        Assert.True(stopped.Stopped);
        Assert.Equal(10, stopped.Steps);
    }

    [Fact]
    public void Cancelled_timers_leave_the_heap_and_others_keep_their_order()
    {
        RunResult result = Worlds.Run(3, async (world, platform) =>
        {
            var fired = new List<long>();
            var timers = new List<ITimer>();
            Random random = platform.Random.Get("due");
            for (int i = 0; i < 500; i++)
            {
                timers.Add(platform.Clock.CreateTimer(
                    _ => fired.Add(world.Scheduler.NowTicks), null, TimeSpan.FromTicks(random.Next(1, 10_000)), Timeout.InfiniteTimeSpan));
            }

            for (int i = 0; i < 500; i += 3)
            {
                await timers[i].DisposeAsync();
            }

            await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            Assert.Equal(500 - 167, fired.Count);
            Assert.Equal(fired.Order(), fired);
            Assert.Equal(0, world.Harness.Process!.Ledger.CountOf(LedgerKind.Timer));
        });

        Assert.Null(result.Violation);
    }

    [Fact]
    public void A_recorded_run_replays_exactly_and_a_different_run_is_refused()
    {
        var recorder = new RecordingChoices(new SeededChoices(42));
        RunResult recorded = Worlds.Run(42, RaceAsync([]), options => options with { Choices = recorder });
        RunResult replayed = Worlds.Run(0, RaceAsync([]), options => options with { Choices = new ReplayChoices(recorder.Recording) });
        RunResult other = Worlds.Run(0, RaceAsync([], yields: 9), options => options with { Choices = new ReplayChoices(recorder.Recording) });

        Assert.Equal(recorded.Hash, replayed.Hash);
        Assert.Null(replayed.Violation);
        Assert.Equal(ViolationClass.Nondeterminism, other.Violation!.Class);
    }

    [Fact]
    public void A_choice_that_is_added_in_one_place_shifts_no_other()
    {
        static List<int> Draw(bool more)
        {
            var drawn = new List<int>();
            RunResult result = Worlds.Run(5, (_, platform) =>
            {
                Random kept = platform.Random.Get("kept");
                Random added = platform.Random.Get("added");
                for (int i = 0; i < 20; i++)
                {
                    drawn.Add(kept.Next(1000));
                    if (more)
                    {
                        added.Next(1000);
                    }
                }

                return Task.CompletedTask;
            });
            Assert.Null(result.Violation);
            return drawn;
        }

        Assert.Equal(Draw(more: false), Draw(more: true));
        Assert.True(Draw(more: false).Distinct().Count() > 10);
    }

    [Fact]
    public void Choices_are_spread_evenly()
    {
        var world = new World(new WorldOptions { Seed = 11 });
        ChoiceSite site = world.Site("test");
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            counts[world.Choose(site, world.Harness, 10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    private static Func<World, IPlatform, Task> RaceAsync(List<string> order, int yields = 3) => async (world, platform) =>
    {
        await using var scope = new TaskScope(platform.Tasks, "race");
        var tasks = new List<Task>();
        foreach (string name in new[] { "a", "b", "c" })
        {
            tasks.Add(scope.Run(name, async cancellationToken =>
            {
                for (int i = 0; i < yields; i++)
                {
                    await Task.Yield();
                    await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), cancellationToken);
                }

                order.Add(name);
            }).Completion);
        }

        await Join.AllAsync(tasks);
    };
}
