using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Soak.Bench;

/// <summary>Tasks that do nothing but yield, so that what is measured is the scheduler: choice of the next task, hash, ledger, trace.</summary>
internal static class KernelWorkload
{
    private const string Probe = "bench.step";

    /// <summary>Runs a number of tasks, each of which makes a number of steps.</summary>
    public static RunResult Run(KernelWork work, int steps, ulong seed, CancellationToken abort)
    {
        var world = new World(new WorldOptions { Seed = seed, StepsMax = long.MaxValue, Abort = abort, Coverage = work.Covers ? new Coverage() : null });
        RunResult result = world.Run(async (_, platform) =>
        {
            var scope = new TaskScope(platform.Tasks, "bench");
            var running = new Task[work.Tasks];
            for (int i = 0; i < work.Tasks; i++)
            {
                running[i] = scope.Run("task", _ => StepAsync(work.Step, platform, steps)).Completion;
            }

            await Join.AllAsync(running);
            await scope.StopAsync();
        });
        abort.ThrowIfCancellationRequested();
        return result.Violation is null ? result : throw new InvalidOperationException($"the workload failed: {result.Violation}");
    }

    /// <summary>The body of a task: also what Coyote runs.</summary>
    public static async Task YieldAsync(int yields)
    {
        for (int i = 0; i < yields; i++)
        {
            await Task.Yield();
        }
    }

    private static Task StepAsync(KernelStep step, IPlatform platform, int steps) => step switch
    {
        KernelStep.Sleep => SleepAsync(platform.Clock, steps),
        KernelStep.Probe => ProbeAsync(platform.Probes, steps),
        _ => YieldAsync(steps),
    };

    private static async Task SleepAsync(TimeProvider clock, int sleeps)
    {
        for (int i = 0; i < sleeps; i++)
        {
            await clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    private static async Task ProbeAsync(IProbes probes, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            probes.Reachable(Probe);
            await Task.Yield();
        }
    }
}
