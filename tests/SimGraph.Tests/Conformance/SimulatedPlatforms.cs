using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>Runs a conformance test in simulation: on several seeds, and on a machine whose clocks are wrong.</summary>
internal static class SimulatedPlatforms
{
    private const ulong Seeds = 5;

    internal static void Run(Func<IPlatform, Task> body)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            RunOnce(seed, new MachineOptions(), body);
            RunOnce(
                seed,
                new MachineOptions { WallClockOffset = TimeSpan.FromMinutes(-7), ClockDriftPartsPerMillion = seed % 2 == 0 ? 300 : -300 },
                body);
        }
    }

    internal static RunResult RunOnce(ulong seed, MachineOptions options, Func<IPlatform, Task> body)
    {
        RunResult result = new World(new WorldOptions { Seed = seed }).Run(async (world, _) =>
        {
            Machine machine = world.AddMachine("subject", options);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            machine.Boot(async (platform, _) =>
            {
                try
                {
                    await body(platform);
                    ended.TrySetResult();
                }
                catch (Exception exception)
                {
                    ended.TrySetException(exception);
                }
            });
            await ended.Task;
        });
        Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        return result;
    }
}
