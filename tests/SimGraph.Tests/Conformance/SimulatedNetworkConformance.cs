using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>
/// The contract of the network seam against the simulator with faults off, over several schedules. Whatever a test leaves open fails it: the machines
/// are stopped at its end and their ledgers must be empty.
/// </summary>
public sealed class SimulatedNetworkConformance : NetworkConformance
{
    private const int Schedules = 10;

    protected override int Backlog => 64;

    protected override int LargeTransferBytes => 1024 * 1024;

    protected override string HostOf(IPlatform platform) => platform.MachineName;

    protected override Task RunAsync(Func<IPlatform, IPlatform, Task> body)
    {
        for (ulong seed = 0; seed < Schedules; seed++)
        {
            RunResult result = Worlds.Run(
                seed,
                async (world, _) =>
                {
                    (Machine server, IPlatform serverPlatform) = await Worlds.BootIdleAsync(world, "server");
                    (Machine client, IPlatform clientPlatform) = await Worlds.BootIdleAsync(world, "client");
                    await body(serverPlatform, clientPlatform);
                    await client.StopAsync(Worlds.StopLimit);
                    await server.StopAsync(Worlds.StopLimit);
                },
                options => options with { Network = new NetworkOptions { BacklogConnections = Backlog } });
            Assert.Null(result.Violation);
            Assert.Empty(result.Faults);
        }

        return Task.CompletedTask;
    }
}
