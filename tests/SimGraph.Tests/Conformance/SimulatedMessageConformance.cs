using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>
/// The contract of the message seam against the simulated twin, over several schedules. Whatever a test leaves open fails it: the machines are stopped
/// at its end and their ledgers must be empty.
/// </summary>
public sealed class SimulatedMessageConformance : MessageConformance
{
    private const int Schedules = 6;

    protected override int LargeMessageBytes => 4 * 1024;

    protected override string HostOf(IPlatform platform) => platform.MachineName;

    protected override Task RunAsync(Func<IPlatform, IPlatform, Task> body)
    {
        for (ulong seed = 0; seed < Schedules; seed++)
        {
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                (Machine server, IPlatform serverPlatform) = await Worlds.BootIdleAsync(world, "server");
                (Machine client, IPlatform clientPlatform) = await Worlds.BootIdleAsync(world, "client");
                await body(serverPlatform, clientPlatform);
                await client.StopAsync(Worlds.StopLimit);
                await server.StopAsync(Worlds.StopLimit);
            });
            Assert.Null(result.Violation);
        }

        return Task.CompletedTask;
    }
}
