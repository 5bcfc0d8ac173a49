using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Soak.Bench;

/// <summary>Tasks that do nothing but yield, so that what is measured is the scheduler: choice of the next task, hash, ledger, trace.</summary>
internal static class KernelWorkload
{
    /// <summary>Runs a number of tasks, each of which gives way a number of times.</summary>
    public static RunResult Yielding(int tasks, int yields, ulong seed, CancellationToken abort) =>
        Run(tasks, seed, _ => YieldAsync(yields), abort);

    /// <summary>The same, but each step is a sleep: a timer, its ledger entry, an event and a jump of virtual time more.</summary>
    public static RunResult Sleeping(int tasks, int sleeps, ulong seed, CancellationToken abort) =>
        Run(tasks, seed, platform => SleepAsync(platform.Clock, sleeps), abort);

    /// <summary>The body of a task: also what Coyote runs.</summary>
    public static async Task YieldAsync(int yields)
    {
        for (int i = 0; i < yields; i++)
        {
            await Task.Yield();
        }
    }

    private static async Task SleepAsync(TimeProvider clock, int sleeps)
    {
        for (int i = 0; i < sleeps; i++)
        {
            await clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    private static RunResult Run(int tasks, ulong seed, Func<IPlatform, Task> body, CancellationToken abort)
    {
        var world = new World(new WorldOptions { Seed = seed, StepsMax = long.MaxValue, Abort = abort });
        RunResult result = world.Run(async (_, platform) =>
        {
            var scope = new TaskScope(platform.Tasks, "bench");
            var running = new Task[tasks];
            for (int i = 0; i < tasks; i++)
            {
                running[i] = scope.Run("task", _ => body(platform)).Completion;
            }

            await Join.AllAsync(running);
            await scope.StopAsync();
        });
        abort.ThrowIfCancellationRequested();
        return result.Violation is null ? result : throw new InvalidOperationException($"the workload failed: {result.Violation}");
    }
}
