using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>A scope is stopped while everything else happens to it. A task it forgets shows as a wrong count, one it waits for in vain as a deadlock.</summary>
public sealed class TaskScopeScenarios
{
    private const int Schedules = 300;

    [Fact]
    public void A_scope_stopped_while_it_spawns() => FineLane.Explore("scope stopped while it spawns", Schedules, async () =>
    {
        var scope = new TaskScope(new FineLaneTaskHost(new FineLaneClock()), "root");
        int started = 0;
        int ended = 0;
        Task spawner = Task.Run(() => Spawn(scope, 3, () => Interlocked.Increment(ref ended), ref started));
        await scope.StopAsync();
        int endedAtStop = Volatile.Read(ref ended);
        await spawner;
        Assert.True(endedAtStop == Volatile.Read(ref started), $"{started} tasks were started, {endedAtStop} had ended when the stop returned");
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_scope_stopped_by_two_tasks_while_it_spawns() => FineLane.Explore("scope stopped twice", Schedules, async () =>
    {
        var scope = new TaskScope(new FineLaneTaskHost(new FineLaneClock()), "root");
        int started = 0;
        int ended = 0;
        Task spawner = Task.Run(() => Spawn(scope, 2, () => Interlocked.Increment(ref ended), ref started));
        async Task<int> StopAsync()
        {
            await scope.StopAsync();
            return Volatile.Read(ref ended);
        }

        Task<int>[] stops = [Task.Run(StopAsync), Task.Run(StopAsync)];
        int[] endedAtStop = await Task.WhenAll(stops);
        await spawner;
        Assert.All(endedAtStop, count => Assert.Equal(started, count));
    });

    [Fact]
    public void A_task_that_starts_tasks_is_stopped() => FineLane.Explore("task that starts tasks", Schedules, async () =>
    {
        var scope = new TaskScope(new FineLaneTaskHost(new FineLaneClock()), "root");
        int started = 0;
        int ended = 0;
        ScopedTask spawner = scope.Run("spawn", async _ =>
        {
            await Task.Yield();
            Spawn(scope, 3, () => Interlocked.Increment(ref ended), ref started);
        });
        await Task.Yield();
        await scope.StopAsync();
        Assert.Equal(started, ended);
        Assert.True(spawner.Completion.IsCompleted);
    });

    [Fact]
    public void A_child_is_stopped_while_its_owner_is() => FineLane.Explore("child and owner stop", Schedules, async () =>
    {
        var scope = new TaskScope(new FineLaneTaskHost(new FineLaneClock()), "root");
        TaskScope child = scope.CreateChild("child");
        TaskScope grandchild = child.CreateChild("grandchild");
        int ended = 0;
        async Task WorkAsync(CancellationToken stopping)
        {
            await stopping.WhenCancelledAsync(out _);
            Interlocked.Increment(ref ended);
        }

        child.Run("work", WorkAsync);
        grandchild.Run("work", WorkAsync);
        Task childStop = Task.Run(async () =>
        {
            await child.StopAsync();
            Assert.Equal(2, Volatile.Read(ref ended));
        });
        await scope.StopAsync();
        Assert.Equal(2, Volatile.Read(ref ended));
        await childStop;
    });

    [Fact]
    public void A_child_is_created_and_used_while_its_owner_stops() => FineLane.Explore("child created while owner stops", Schedules, async () =>
    {
        var scope = new TaskScope(new FineLaneTaskHost(new FineLaneClock()), "root");
        int started = 0;
        int ended = 0;
        Task user = Task.Run(() =>
        {
            try
            {
                Spawn(scope.CreateChild("child"), 2, () => Interlocked.Increment(ref ended), ref started);
            }
            catch (ScopeStoppedException)
            {
                // The owner was faster.
            }
        });
        await scope.StopAsync();
        int endedAtStop = Volatile.Read(ref ended);
        await user;
        Assert.Equal(started, endedAtStop);
    });

    [Fact]
    public void Tasks_that_wait_for_time_end_when_they_are_stopped() => FineLane.Explore("delays stopped", Schedules, async () =>
    {
        var clock = new FineLaneClock();
        var scope = new TaskScope(new FineLaneTaskHost(clock), "root");
        scope.Run("wait", stopping => clock.DelayAsync(TimeSpan.FromSeconds(1), stopping));
        scope.Run("wait", async stopping =>
        {
            using var deadline = Deadline.After(clock, TimeSpan.FromSeconds(2), stopping);
            await deadline.Token.WhenCancelledAsync(out _);
        });
        Task time = Task.Run(() => clock.FireNext(TimeSpan.FromSeconds(3)));
        await scope.StopAsync();
        await time;
        Assert.Equal(0, clock.PendingTimers);
    });

    [Fact]
    public void A_stop_limit_that_is_reached_names_only_the_living() => FineLane.Explore("stop limit reached", Schedules, async () =>
    {
        var clock = new FineLaneClock();
        var scope = new TaskScope(new FineLaneTaskHost(clock), "root");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScopedTask stubborn = scope.Run("stubborn", _ => release.Task);
        Task time = Task.Run(() => clock.FireNext(TimeSpan.FromSeconds(1)));
        Task releaser = Task.Run(release.SetResult);
        try
        {
            await scope.StopAsync(TimeSpan.FromSeconds(1));
            Assert.True(stubborn.Completion.IsCompleted);
        }
        catch (StopTimeoutException exception)
        {
            Assert.Same(stubborn, Assert.Single(exception.Alive));
        }

        await releaser;
        await time;
        await scope.StopAsync();
        Assert.Equal(0, clock.PendingTimers);
    });

    [Fact]
    public void A_failure_during_a_stop_is_reported_before_the_stop_returns() => FineLane.Explore("failure during stop", Schedules, async () =>
    {
        var host = new FineLaneTaskHost(new FineLaneClock(), failuresExpected: true);
        var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        child.Run("work", async stopping =>
        {
            await stopping.WhenCancelledAsync(out _);
            throw new InvalidDataException();
        });
        await scope.StopAsync();
        Assert.Equal(1, host.Failures);
        Assert.IsType<InvalidDataException>(scope.FirstFailure);
    });

    private static void Spawn(TaskScope scope, int tasks, Action ended, ref int started)
    {
        try
        {
            for (int i = 0; i < tasks; i++)
            {
                scope.Run("work", async _ =>
                {
                    await Task.Yield();
                    ended();
                });
                Interlocked.Increment(ref started);
            }
        }
        catch (ScopeStoppedException)
        {
            // The stop was faster: what was started before counts.
        }
    }
}
