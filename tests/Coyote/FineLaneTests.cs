using Microsoft.Coyote.Random;
using Microsoft.Coyote.Runtime;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Coyote.Tests.Refused;
using SimGraph.Soak.FineLane;
using Xunit;

namespace SimGraph.Coyote.Tests;

/// <summary>The fine lane itself: it must find bugs that are there, replay them, and refuse what it cannot control.</summary>
public sealed class FineLaneTests
{
    [Fact]
    public void A_check_then_act_race_is_found_and_its_trace_replays()
    {
        FineLaneOutcome found = FineLane.Search("planted check then act", 200, CheckThenActAsync);
        Assert.Contains("two tasks took the same ticket", found.Bug, StringComparison.Ordinal);
        Assert.True(File.Exists(found.TraceFile));
        Assert.True(FineLaneTrace.TryParse(File.ReadAllText(found.TraceFile!), out FineLaneTrace? kept));
        Assert.Equal(found.Trace, kept.Trace);
        Assert.Equal(typeof(FineLaneTests).FullName + "." + nameof(A_check_then_act_race_is_found_and_its_trace_replays), kept.Test);
        for (int round = 0; round < 3; round++)
        {
            FineLaneOutcome replayed = FineLane.Replay(CheckThenActAsync, found.Trace!);
            Assert.Equal(1, replayed.Schedules);
            Assert.Contains("two tasks took the same ticket", replayed.Bug, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_schedule()
    {
        FineLaneOutcome first = FineLane.Search("planted check then act", 200, CheckThenActAsync);
        FineLaneOutcome second = FineLane.Search("planted check then act", 200, CheckThenActAsync);
        Assert.Equal(first.Schedules, second.Schedules);
        Assert.Equal(first.Trace, second.Trace);
    }

    [Fact]
    public void Renewed_engines_go_on_with_the_seeds_and_add_up()
    {
        List<int> DrawsOf(int schedulesPerEngine, out FineLaneOutcome outcome)
        {
            var draws = new List<int>();
            outcome = FineLane.Search(
                "draws",
                10,
                async () =>
                {
                    draws.Add(Generator.Create().NextInteger(int.MaxValue));
                    await Task.Yield();
                },
                new FineLaneLimits { SchedulesPerEngine = schedulesPerEngine });
            return draws;
        }

        List<int> one = DrawsOf(100, out FineLaneOutcome byOne);
        List<int> several = DrawsOf(4, out FineLaneOutcome bySeveral);
        Assert.Equal(one, several);
        Assert.Equal(one.Count, one.Distinct().Count());
        Assert.Equal(one.Count, bySeveral.Schedules);
        Assert.Equal(byOne, bySeveral);
    }

    [Fact]
    public void A_bug_behind_the_first_engine_is_found_and_its_trace_replays()
    {
        static async Task RareAsync()
        {
            await Task.Yield();
            Assert.True(Generator.Create().NextInteger(50) != 0, "one in fifty");
        }

        FineLaneOutcome found = FineLane.Search("planted rarity", 2000, RareAsync, new FineLaneLimits { SchedulesPerEngine = 4 });
        Assert.True(found.Schedules > 4, "the first engine found it: this test says nothing");
        Assert.Contains("one in fifty", found.Bug, StringComparison.Ordinal);
        Assert.Contains("one in fifty", FineLane.Replay(RareAsync, found.Trace!).Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_that_loses_a_task_is_found()
    {
        FineLaneOutcome found = FineLane.Search("planted lost task", 300, LostTaskAsync);
        Assert.Contains("a task outlived the stop", found.Bug, StringComparison.Ordinal);
        Assert.Contains("a task outlived the stop", FineLane.Replay(LostTaskAsync, found.Trace!).Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_wakeup_is_found_as_a_deadlock()
    {
        FineLaneOutcome found = FineLane.Search("planted lost wakeup", 200, LostWakeupAsync);
        Assert.Contains("Deadlock", found.Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_that_goes_round_for_ever_is_found_and_its_trace_replays()
    {
        FineLaneOutcome found = FineLane.Search("planted lost request to stop", 200, LostRequestAsync);
        Assert.Contains(nameof(StopReturns), found.Bug, StringComparison.Ordinal);
        Assert.Contains(nameof(StopReturns), FineLane.Replay(LostRequestAsync, found.Trace!).Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_promise_that_is_open_at_the_end_is_found()
    {
        FineLaneOutcome found = FineLane.Search("planted open promise", 1, async () =>
        {
            Promise.Make<EntryIsCommitted>();
            Promise.Make<EntryIsCommitted>();
            await Task.Yield();
            Promise.Keep<EntryIsCommitted>();
        });
        Assert.Contains(nameof(EntryIsCommitted), found.Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void Promises_that_are_kept_are_no_failure() => FineLane.Explore("promises kept", 20, async () =>
    {
        Task stop = Task.Run(static async () => await Task.Yield());
        Task[] promised = [Promise.EndsAsync<StopReturns>(stop), Promise.EndsAsync<StopReturns>(stop)];
        await Task.WhenAll(promised);
        await Promise.EndsAsync<StopReturns>(stop);
    });

    [Fact]
    public void An_uncontrolled_wait_is_refused()
    {
        FineLaneOutcome found = FineLane.Search("planted real time", 5, RealTimeWait.RunAsync);
        Assert.Contains("Task.WaitAsync", found.Bug, StringComparison.Ordinal);
    }

    private static async Task CheckThenActAsync()
    {
        object gate = new();
        int next = 0;
        var taken = new List<int>();
        async Task TakeAsync()
        {
            int ticket;
            lock (gate)
            {
                ticket = next;
            }

            await Task.Yield();
            lock (gate)
            {
                next = ticket + 1;
                Assert.True(!taken.Contains(ticket), "two tasks took the same ticket");
                taken.Add(ticket);
            }
        }

        await Task.WhenAll((Task[])[Task.Run(TakeAsync), Task.Run(TakeAsync)]);
    }

    private static async Task LostTaskAsync()
    {
        var scope = new NaiveScope();
        int running = 0;
        Task spawner = Task.Run(() => scope.Run(async () =>
        {
            Interlocked.Increment(ref running);
            await Task.Yield();
            Interlocked.Decrement(ref running);
        }));
        await Task.Yield();
        await scope.StopAsync();
        Assert.True(Volatile.Read(ref running) == 0, "a task outlived the stop");
        await spawner;
    }

    private static async Task LostRequestAsync()
    {
        const int Running = 1;
        const int Stopping = 2;
        int state = Running;
        Task worker = Task.Run(() =>
        {
            while (Volatile.Read(ref state) != Stopping)
            {
                SchedulingPoint.Yield();

                // Who asked it to stop since it looked was not heard.
                Volatile.Write(ref state, Running);
            }
        });
        await Task.Yield();
        Volatile.Write(ref state, Stopping);
        await Promise.EndsAsync<StopReturns>(worker);
    }

    private static async Task LostWakeupAsync()
    {
        object gate = new();
        bool set = false;
        TaskCompletionSource? waiter = null;
        Task setter = Task.Run(() =>
        {
            TaskCompletionSource? woken;
            lock (gate)
            {
                woken = waiter;
                set |= woken is null;
            }

            woken?.TrySetResult();
        });
        bool wait;
        lock (gate)
        {
            wait = !set;
        }

        await Task.Yield();
        if (wait)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                waiter = mine;
            }

            await mine.Task;
        }

        await setter;
    }

    /// <summary>Looks at the stop flag before it enters the task into its list, as the modelled database did.</summary>
    private sealed class NaiveScope
    {
        private readonly object _gate = new();
        private readonly List<Task> _tasks = [];
        private volatile bool _stopped;

        internal void Run(Func<Task> body)
        {
            if (_stopped)
            {
                return;
            }

            Task task = Task.Run(body);
            lock (_gate)
            {
                _tasks.Add(task);
            }
        }

        internal async Task StopAsync()
        {
            _stopped = true;
            Task[] tasks;
            lock (_gate)
            {
                tasks = [.. _tasks];
            }

            await Task.WhenAll(tasks);
        }
    }
}
