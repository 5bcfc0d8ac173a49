using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>What a scope promises on every host: starting, stopping, and that nothing outlives a stop.</summary>
public abstract class TaskScopeConformance
{
    [Fact]
    public void A_started_task_runs_and_completes() => RunOnHost(async host =>
    {
        await using var scope = new TaskScope(host, "root");
        var ran = new Gate();
        ScopedTask task = scope.Run("work", _ =>
        {
            ran.Open();
            return Task.CompletedTask;
        });
        await ran.Opened;
        await task.Completion;
        Assert.Null(task.Failure);
        Assert.Equal("root/work", task.Path);
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_body_never_runs_on_the_stack_of_its_starter() => RunOnHost(async host =>
    {
        await using var scope = new TaskScope(host, "root");
        int starter = Environment.CurrentManagedThreadId;
        bool starting = true;
        bool nested = false;
        ScopedTask task = scope.Run("work", _ =>
        {
            nested = starting && Environment.CurrentManagedThreadId == starter;
            return Task.CompletedTask;
        });
        starting = false;
        await task.Completion;
        Assert.False(nested);
    });

    [Fact]
    public void Stop_cancels_every_task_and_waits_for_its_end() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        int ended = 0;
        var tasks = new List<ScopedTask>();
        for (int i = 0; i < 10; i++)
        {
            tasks.Add(scope.Run("work", async stopping =>
            {
                await stopping.WhenCancelledAsync(out _);
                await Task.Yield();
                await host.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                Interlocked.Increment(ref ended);
            }));
        }

        await scope.StopAsync();
        Assert.Equal(10, Volatile.Read(ref ended));
        Assert.All(tasks, task => Assert.True(task.Completion.IsCompletedSuccessfully));
        Assert.Empty(scope.SnapshotAlive());
        Assert.Empty(host.Failures);
    });

    [Fact]
    public void Stop_of_an_idle_scope_ends_at_once() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        await scope.Run("work", _ => Task.CompletedTask).Completion;
        Task stop = scope.StopAsync();
        Assert.True(scope.Stopping.IsCancellationRequested);
        await stop;
    });

    [Fact]
    public void A_stopped_scope_refuses_work_and_children() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        await scope.StopAsync();
        bool ran = false;
        ScopeStoppedException refused = Assert.Throws<ScopeStoppedException>(() =>
            scope.Run("late", _ =>
            {
                ran = true;
                return Task.CompletedTask;
            }));
        Assert.IsAssignableFrom<OperationCanceledException>(refused);
        Assert.Contains("'root'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'late'", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ScopeStoppedException>(() => scope.CreateChild("late"));
        await Task.Yield();
        Assert.False(ran);
    });

    [Fact]
    public void Stop_can_be_called_twice_and_from_many_tasks_at_once() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        var caller = new TaskScope(host, "callers");
        var release = new Gate();
        bool ended = false;
        scope.Run("work", async _ =>
        {
            await release.Opened;
            ended = true;
        });
        var started = new Gate();
        var callers = new List<ScopedTask>();
        for (int i = 0; i < 4; i++)
        {
            callers.Add(caller.Run("stop", async _ =>
            {
                Task stop = scope.StopAsync();
                started.Open();
                await stop;
                Assert.True(ended);
            }));
        }

        await started.Opened;
        Assert.All(callers, task => Assert.False(task.Completion.IsCompleted));
        release.Open();
        foreach (ScopedTask task in callers)
        {
            await task.Completion;
        }

        await scope.StopAsync();
        await caller.StopAsync();
        Assert.Empty(host.Failures);
    });

    [Fact]
    public void Work_offered_while_the_scope_stops_is_refused_or_awaited() => RunOnHost(async host =>
    {
        for (int round = 0; round < 50; round++)
        {
            var scope = new TaskScope(host, "root");
            var spawner = new TaskScope(host, "spawner");
            var running = new Gate();
            int started = 0;
            int ended = 0;
            ScopedTask spawning = spawner.Run("spawn", async _ =>
            {
                try
                {
                    for (int i = 0; i < 10_000; i++)
                    {
                        scope.Run("work", async _ =>
                        {
                            await Task.Yield();
                            Interlocked.Increment(ref ended);
                        });
                        Interlocked.Increment(ref started);
                        running.Open();
                        await Task.Yield();
                    }
                }
                catch (ScopeStoppedException)
                {
                    running.Open();
                }
            });
            await running.Opened;
            await scope.StopAsync();
            int endedAtStop = Volatile.Read(ref ended);
            await spawning.Completion;
            Assert.Equal(Volatile.Read(ref started), endedAtStop);
            await spawner.StopAsync();
        }

        Assert.Empty(host.Failures);
    });

    [Fact]
    public void A_task_may_start_tasks_until_its_scope_stops() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        var running = new Gate();
        int started = 0;
        int ended = 0;
        scope.Run("spawn", async stopping =>
        {
            while (!stopping.IsCancellationRequested)
            {
                scope.Run("work", async _ =>
                {
                    await Task.Yield();
                    Interlocked.Increment(ref ended);
                });
                if (Interlocked.Increment(ref started) == 20)
                {
                    running.Open();
                }

                await Task.Yield();
            }
        });
        await running.Opened;
        await scope.StopAsync();
        Assert.Equal(started, ended);
        Assert.Empty(host.Failures);
    });

    [Fact]
    public void A_failure_is_kept_reported_and_known_to_every_owner() => RunOnHost(async host =>
    {
        await using var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        TaskScope grandchild = child.CreateChild("grandchild");
        TaskScope other = scope.CreateChild("other");
        ScopedTask failing = grandchild.Run("work", async _ =>
        {
            await Task.Yield();
            throw new InvalidDataException("first");
        });
        await failing.Completion;
        await child.Run("work", _ => throw new InvalidDataException("second")).Completion;
        Assert.Equal("first", failing.Failure!.Message);
        Assert.Same(failing.Failure, grandchild.FirstFailure);
        Assert.Same(failing.Failure, child.FirstFailure);
        Assert.Same(failing.Failure, scope.FirstFailure);
        Assert.Null(other.FirstFailure);
        Assert.Equal(
            [("root/child/grandchild/work", "first"), ("root/child/work", "second")],
            host.Failures.Select(failure => (failure.Task, failure.Exception.Message)));

        // A failure ends its own task only: the owner decides what follows.
        Assert.False(grandchild.Stopping.IsCancellationRequested);
        await grandchild.Run("work", _ => Task.CompletedTask).Completion;
    });

    [Fact]
    public void Cancellation_is_an_ordinary_end_only_while_stopping() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        ScopedTask early = scope.Run("early", _ => throw new OperationCanceledException("nobody asked"));
        await early.Completion;
        Assert.IsType<OperationCanceledException>(early.Failure);
        ScopedTask told = scope.Run("told", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        await scope.StopAsync();
        Assert.Null(told.Failure);
        Assert.Single(host.Failures);
    });

    [Fact]
    public void A_stop_that_takes_too_long_names_the_survivors_and_can_be_tried_again() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        var release = new Gate();
        ScopedTask obedient = scope.Run("obedient", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        ScopedTask stubborn = child.Run("stubborn", _ => release.Opened);
        await Assert.ThrowsAsync<StopTimeoutException>(() => scope.StopAsync(TimeSpan.FromMilliseconds(20)));
        await obedient.Completion;
        StopTimeoutException exception = await Assert.ThrowsAsync<StopTimeoutException>(
            () => scope.StopAsync(TimeSpan.FromMilliseconds(20)));
        Assert.Equal([stubborn], exception.Alive);
        Assert.Contains("root/child/stubborn", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"TaskScopeConformance.cs:{stubborn.SourceLine}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("obedient", exception.Message, StringComparison.Ordinal);
        Assert.True(stubborn.SourceLine > 0);
        Assert.Throws<ScopeStoppedException>(() => scope.Run("late", _ => Task.CompletedTask));
        release.Open();
        await scope.StopAsync();
        Assert.True(stubborn.Completion.IsCompleted);
    });

    [Fact]
    public void A_stop_needs_a_limit_above_zero() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scope.StopAsync(TimeSpan.Zero));
        await scope.StopAsync();
    });

    [Fact]
    public void A_stop_leaves_no_timer() => RunOnHost(async host =>
    {
        var clock = new CountingClock(host.Clock);
        var scope = new TaskScope(new ClockedHost(host, clock), "root");
        scope.Run("work", async stopping =>
        {
            await stopping.WhenCancelledAsync(out _);
            await Task.Yield();
        });
        await scope.StopAsync();
        Assert.Equal(0, clock.Live);
    });

    [Fact]
    public void A_failing_callback_on_the_token_does_not_keep_a_stop_from_waiting() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        bool ended = false;
        child.Run("work", async stopping =>
        {
            await stopping.WhenCancelledAsync(out _);
            await Task.Yield();
            ended = true;
        });
        scope.Stopping.Register(() => throw new InvalidDataException("callback"));
        await scope.StopAsync();
        Assert.True(ended);
        Assert.Single(host.Failures);
        Assert.NotNull(scope.FirstFailure);
    });

    [Fact]
    public void A_host_that_refuses_a_task_leaves_nothing_to_wait_for() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        host.Refuses = true;
        Assert.Throws<InvalidOperationException>(() => scope.Run("work", _ => Task.CompletedTask));
        Assert.Empty(scope.SnapshotAlive());
        await scope.StopAsync(TimeSpan.FromSeconds(5));
    });

    [Fact]
    public void Stopping_a_scope_stops_all_scopes_below_it() => RunOnHost(async host =>
    {
        var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        TaskScope grandchild = child.CreateChild("grandchild");
        int ended = 0;
        foreach (TaskScope owner in (TaskScope[])[scope, child, grandchild])
        {
            owner.Run("work", async stopping =>
            {
                await stopping.WhenCancelledAsync(out _);
                await Task.Yield();
                Interlocked.Increment(ref ended);
            });
        }

        await scope.StopAsync();
        Assert.Equal(3, ended);
        Assert.True(grandchild.Stopping.IsCancellationRequested);
        Assert.Throws<ScopeStoppedException>(() => grandchild.Run("late", _ => Task.CompletedTask));
        await grandchild.StopAsync();
        await child.StopAsync();
    });

    [Fact]
    public void Stopping_a_child_leaves_its_owner_and_siblings_running() => RunOnHost(async host =>
    {
        await using var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        TaskScope sibling = scope.CreateChild("sibling");
        ScopedTask stopped = child.Run("work", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        ScopedTask running = sibling.Run("work", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        await child.StopAsync();
        Assert.True(stopped.Completion.IsCompleted);
        Assert.False(running.Completion.IsCompleted);
        Assert.False(scope.Stopping.IsCancellationRequested);
        Assert.Equal([running], scope.SnapshotAlive());
        await scope.CreateChild("child").Run("work", _ => Task.CompletedTask).Completion;
    });

    [Fact]
    public void Owner_and_child_may_stop_at_the_same_time() => RunOnHost(async host =>
    {
        for (int round = 0; round < 50; round++)
        {
            var scope = new TaskScope(host, "root");
            TaskScope child = scope.CreateChild("child");
            var stoppers = new TaskScope(host, "stoppers");
            int ended = 0;
            child.Run("work", async stopping =>
            {
                await stopping.WhenCancelledAsync(out _);
                Interlocked.Increment(ref ended);
            });
            ScopedTask first = stoppers.Run("child", _ => child.StopAsync());
            ScopedTask second = stoppers.Run("owner", _ => scope.StopAsync());
            await first.Completion;
            await second.Completion;
            Assert.Equal(1, ended);
            await stoppers.StopAsync();
        }

        Assert.Empty(host.Failures);
    });

    [Fact]
    public void The_living_are_listed_oldest_first() => RunOnHost(async host =>
    {
        await using var scope = new TaskScope(host, "root");
        TaskScope child = scope.CreateChild("child");
        var release = new Gate();
        scope.Run("first", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        ScopedTask brief = scope.Run("brief", _ => release.Opened);
        child.Run("deep", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        scope.Run("second", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        release.Open();
        await brief.Completion;
        Assert.Equal(
            ["root/first", "root/second", "root/child/deep"],
            scope.SnapshotAlive().Where(task => task != brief).Select(task => task.Path));
    });

    [Fact]
    public void Disposal_stops() => RunOnHost(async host =>
    {
        ScopedTask task;
        await using (var scope = new TaskScope(host, "root"))
        {
            task = scope.Run("work", stopping => host.Clock.DelayAsync(TimeSpan.FromHours(1), stopping));
        }

        Assert.True(task.Completion.IsCompleted);
    });

    /// <summary>Runs the body to its end on the platform under test.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);

    private void RunOnHost(Func<RecordingTaskHost, Task> body) => Run(platform => body(new RecordingTaskHost(platform.Tasks)));

    private sealed class ClockedHost(ITaskHost inner, TimeProvider clock) : ITaskHost
    {
        public TimeProvider Clock => clock;

        public Task StartAsync(ScopedTask task, Func<Task> body) => inner.StartAsync(task, body);

        public void ReportFailure(ScopedTask task, Exception exception) => inner.ReportFailure(task, exception);
    }
}
