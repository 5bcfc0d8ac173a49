using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Simulation;

/// <summary>Short ways to run a scenario in a fresh world.</summary>
internal static class Worlds
{
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    public static RunResult Run(ulong seed, Func<World, IPlatform, Task> scenario, Func<WorldOptions, WorldOptions>? configure = null)
    {
        var options = new WorldOptions { Seed = seed };
        return new World(configure?.Invoke(options) ?? options).Run(scenario);
    }

    /// <summary>A program that waits to be stopped.</summary>
    public static Task UntilStoppedAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped);
        return stopped.Task;
    }

    /// <summary>A machine that does nothing by itself, and its platform.</summary>
    public static async Task<(Machine Machine, IPlatform Platform)> BootIdleAsync(World world, string name)
    {
        Machine machine = world.AddMachine(name, new MachineOptions());
        var booted = new TaskCompletionSource<IPlatform>(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Boot((platform, stop) =>
        {
            booted.SetResult(platform);
            return UntilStoppedAsync(stop);
        });
        return (machine, await booted.Task);
    }
}
