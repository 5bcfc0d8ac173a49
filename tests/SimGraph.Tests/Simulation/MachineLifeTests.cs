using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

public sealed class MachineLifeTests
{
    [Fact]
    public void A_graceful_stop_ends_the_program_and_leaves_an_empty_ledger()
    {
        ProcessExit? exit = null;
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            Incarnation process = machine.Boot(async (platform, stop) =>
            {
                await using var scope = new TaskScope(platform.Tasks, "program");
                scope.Run("work", cancellationToken => platform.Clock.DelayAsync(TimeSpan.FromHours(1), cancellationToken));
                await Worlds.UntilStoppedAsync(stop);
            });
            await machine.StopAsync(Worlds.StopLimit);
            exit = await process.Exited;
            Assert.False(machine.IsOn);
            Assert.Equal(0, process.Ledger.Count);
        });

        Assert.Null(result.Violation);
        Assert.Equal(ProcessExitKind.Returned, exit!.Kind);
    }

    [Fact]
    public void A_task_that_outlives_stop_is_a_leak_and_is_named()
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, stop) =>
            {
                var scope = new TaskScope(platform.Tasks, "program");
                scope.Run("forgotten", async _ => await new TaskCompletionSource().Task);
                await Worlds.UntilStoppedAsync(stop);
            });
            await machine.StopAsync(Worlds.StopLimit);
        });

        Assert.Equal(ViolationClass.Leak, result.Violation!.Class);
        Assert.Contains("program/forgotten", result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timer_that_outlives_stop_is_a_leak_with_the_stack_that_created_it()
    {
        RunResult result = Worlds.Run(
            1,
            async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions());
                machine.Boot(async (platform, stop) =>
                {
                    platform.Clock.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
                    await Worlds.UntilStoppedAsync(stop);
                });
                await machine.StopAsync(Worlds.StopLimit);
            },
            options => options with { CaptureStacks = true });

        Assert.Equal("leak.outlived-stop", result.Violation!.Name);
        Assert.Contains("Timer", result.Violation.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MachineLifeTests), result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_that_does_not_return_in_time_is_a_leak()
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, _) => await platform.Clock.DelayAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
            await machine.StopAsync(Worlds.StopLimit);
        });

        Assert.Equal("leak.stop-too-slow", result.Violation!.Name);
        Assert.Equal(Worlds.StopLimit, result.Violation.At);
    }

    [Fact]
    public void Time_in_a_pause_does_not_count_against_a_stop()
    {
        static RunResult Stop(double work) => Worlds.Run(1, async (world, harness) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, stop) =>
            {
                await Worlds.UntilStoppedAsync(stop);
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(work), CancellationToken.None);
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            });
            Task stopped = machine.StopAsync(Worlds.StopLimit);
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            machine.Pause();
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
            machine.Resume();
            await stopped;
        });

        Assert.Null(Stop(work: 5).Violation);
        Violation late = Assert.IsType<Violation>(Stop(work: 75).Violation);
        Assert.Equal("leak.stop-too-slow", late.Name);
        Assert.Equal(60 + Worlds.StopLimit.TotalSeconds, late.At.TotalSeconds, tolerance: 1.1);
    }

    [Fact]
    public void An_await_that_outlives_its_task_is_found_even_without_a_scope()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            machine.Boot(async (platform, stop) =>
            {
                await using var scope = new TaskScope(platform.Tasks, "program");
                scope.Run("spawner", cancellationToken => SpawnAsync(gate.Task));
                await Worlds.UntilStoppedAsync(stop);
            });
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            gate.SetResult();
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        });

        Assert.Equal("leak.orphan", result.Violation!.Name);
        Assert.Contains("program/spawner", result.Violation.Message, StringComparison.Ordinal);

        static Task SpawnAsync(Task gate)
        {
            _ = WaitAsync(gate);
            return Task.CompletedTask;
        }

        static async Task WaitAsync(Task gate) => await gate;
    }

    [Fact]
    public void A_crash_ends_everything_at_once_without_running_finally_blocks()
    {
        var log = new List<string>();
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            Incarnation process = machine.Boot(async (platform, stop) =>
            {
                try
                {
                    log.Add("up");
                    await platform.Clock.DelayAsync(TimeSpan.FromSeconds(5), stop);
                    log.Add("never");
                }
                finally
                {
                    log.Add("finally");
                }
            });
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            machine.Crash();
            Assert.Equal(ProcessExitKind.Crashed, (await process.Exited).Kind);
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            machine.Restart();
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            machine.PowerLoss();
        });

        Assert.Null(result.Violation);
        Assert.Equal(["up", "up"], log);
    }

    [Fact]
    public void A_paused_machine_does_nothing_while_time_goes_on_and_then_catches_up()
    {
        var ticks = new List<TimeSpan>();
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, stop) =>
            {
                while (true)
                {
                    await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), stop);
                    ticks.Add(world.Now);
                }
            });
            machine.ExpectsFailure = exception => exception is OperationCanceledException;
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(2.5), CancellationToken.None);
            machine.Pause();
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
            Assert.Equal(2, ticks.Count);
            machine.Resume();
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1.1), CancellationToken.None);
            machine.Crash();
        });

        Assert.Null(result.Violation);
        Assert.Equal([1.0, 2.0, 7.5, 8.5], ticks.Select(at => at.TotalSeconds));
    }

    [Fact]
    public void A_program_that_throws_is_a_violation_unless_it_was_expected()
    {
        static RunResult Run(bool expected) => Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.ExpectsFailure = exception => expected && exception is InvalidOperationException;
            Incarnation process = machine.Boot((_, _) => throw new InvalidOperationException("broken"));
            await process.Exited;
        });

        Assert.Null(Run(expected: true).Violation);
        RunResult unexpected = Run(expected: false);
        Assert.Equal(ViolationClass.Unhandled, unexpected.Violation!.Class);
        Assert.Contains("broken", unexpected.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_throws_is_a_violation()
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, stop) =>
            {
                await using var scope = new TaskScope(platform.Tasks, "program");
                scope.Run("bad", _ => throw new InvalidOperationException("broken"));
                await Worlds.UntilStoppedAsync(stop);
            });
            await machine.StopAsync(Worlds.StopLimit);
        });

        Assert.Equal(ViolationClass.Unhandled, result.Violation!.Class);
        Assert.Contains("program/bad", result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_drift_and_jump_apart_from_each_other()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine fast = world.AddMachine("fast", new MachineOptions { ClockDriftPartsPerMillion = 100_000 });
            Machine ahead = world.AddMachine("ahead", new MachineOptions { WallClockOffset = TimeSpan.FromHours(2) });
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(100), CancellationToken.None);
            Assert.Equal(TimeSpan.FromSeconds(110).Ticks, fast.Clock.MonotonicTicks);
            Assert.Equal(World.Epoch.AddSeconds(110), fast.Clock.WallTime);
            Assert.Equal(World.Epoch.AddSeconds(100).AddHours(2), ahead.Clock.WallTime);

            long before = ahead.Clock.MonotonicTicks;
            ahead.Clock.Jump(ahead, TimeSpan.FromHours(-3));
            Assert.Equal(before, ahead.Clock.MonotonicTicks);
            Assert.Equal(World.Epoch.AddSeconds(100).AddHours(-1), ahead.Clock.WallTime);

            fast.Clock.SetDrift(fast, -500_000);
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            Assert.Equal(TimeSpan.FromSeconds(115).Ticks, fast.Clock.MonotonicTicks);
        });

        Assert.Null(result.Violation);
        Assert.Equal(1, result.Faults["clock.jump"]);
        Assert.Equal(1, result.Faults["clock.drift"]);
    }

    [Fact]
    public void A_delay_on_a_drifting_clock_is_never_too_short_by_that_clock()
    {
        for (int drift = -400_000; drift <= 400_000; drift += 37_777)
        {
            RunResult result = Worlds.Run(1, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions { ClockDriftPartsPerMillion = drift });
                Incarnation process = machine.Boot(async (platform, _) =>
                {
                    for (int ticks = 1; ticks < 5000; ticks += 321)
                    {
                        long before = platform.Clock.GetTimestamp();
                        await platform.Clock.DelayAsync(TimeSpan.FromTicks(ticks), CancellationToken.None);
                        Assert.InRange(platform.Clock.GetTimestamp() - before, ticks, ticks + 3);
                    }
                });
                await process.Exited;
            });
            Assert.Null(result.Violation);
        }
    }

    [Fact]
    public void Probes_are_counted_and_broken_ones_fail_the_run()
    {
        RunResult result = Worlds.Run(1, (world, platform) =>
        {
            platform.Probes.Sometimes(false, "sometimes");
            platform.Probes.Sometimes(true, "sometimes");
            platform.Probes.Sometimes(false, "never");
            platform.Probes.Reachable("reached");
            platform.Probes.Always(true, "always");
            return Task.CompletedTask;
        });
        RunResult broken = Worlds.Run(1, (_, platform) =>
        {
            platform.Probes.Always(false, "broken");
            return Task.CompletedTask;
        });
        RunResult reached = Worlds.Run(1, (_, platform) =>
        {
            platform.Probes.Unreachable("forbidden");
            return Task.CompletedTask;
        });

        Assert.Null(result.Violation);
        Assert.Equal(new ProbeCount(ProbeKind.Sometimes, 2, 1), result.Probes["sometimes"]);
        Assert.Equal(0, result.Probes["never"].Hits);
        Assert.Equal(1, result.Probes["reached"].Hits);
        Assert.Equal("broken", broken.Violation!.Name);
        Assert.Equal("forbidden", reached.Violation!.Name);
    }

    [Fact]
    public void Chance_points_fire_in_some_runs_and_never_once_healed()
    {
        int active = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            RunResult result = Worlds.Run(seed, (world, platform) =>
            {
                int fired = 0;
                for (int i = 0; i < 100; i++)
                {
                    fired += platform.Probes.Buggify("site") ? 1 : 0;
                }

                active += fired > 0 ? 1 : 0;
                world.ChancePointsHealed = true;
                for (int i = 0; i < 100; i++)
                {
                    Assert.False(platform.Probes.Buggify("site"));
                }

                return Task.CompletedTask;
            });
            Assert.Null(result.Violation);
        }

        Assert.InRange(active, 10, 45);
    }
}
