using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Query;

/// <summary>Runs a test on a simulated machine: what hangs is a violation, and so is whatever is alive when the test's scope has stopped.</summary>
internal static class QueryLab
{
    public static void Run(Func<IPlatform, TaskScope, Task> body)
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Incarnation process = world.AddMachine("m", new MachineOptions()).Boot(async (platform, _) =>
            {
                var scope = new TaskScope(platform.Tasks, "test");
                await body(platform, scope);
                await scope.StopAsync();
            });
            await process.Exited;
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }
}
