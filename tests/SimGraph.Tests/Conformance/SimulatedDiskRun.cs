using System.Runtime.ExceptionServices;
using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>Runs a body as the program of a simulated machine, under several schedules.</summary>
internal static class SimulatedDiskRun
{
    private const ulong Seeds = 5;

    internal static void Run(Func<IPlatform, Task> body)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            ExceptionDispatchInfo? failure = null;
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions());
                machine.ExpectsFailure = exception =>
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                    return true;
                };
                await machine.Boot((platform, _) => body(platform)).Exited;
            });
            failure?.Throw();
            Assert.Null(result.Violation);
            Assert.Empty(result.Faults);
        }
    }
}
