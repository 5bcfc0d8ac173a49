using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>The contract of the name seam against the simulator, and what a scenario can do to its names.</summary>
public sealed class SimulatedNameConformance : NameConformance
{
    protected override string NameOf(IPlatform platform) => platform.MachineName;

    protected override void Run(Func<IPlatform, Task> body) => SimulatedPlatforms.Run(body);

    [Fact]
    public void A_scenario_changes_fails_and_silences_names()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            world.Network.Names.Set("db.test", "n2", "n1", "n2");
            Assert.Equal(["n1", "n2"], await harness.Names.ResolveAsync("db.test", CancellationToken.None));
            world.Network.Names.Set("db.test", "n3");
            Assert.Equal(["n3"], await harness.Names.ResolveAsync("db.test", CancellationToken.None));
            world.Network.Names.IsFailing = true;
            await Assert.ThrowsAsync<NetworkException>(async () => await harness.Names.ResolveAsync("db.test", CancellationToken.None));
            world.Network.Names.IsFailing = false;
            world.Network.Names.Latency = Timeout.InfiniteTimeSpan;
            using var deadline = Deadline.After(harness.Clock, TimeSpan.FromHours(1), CancellationToken.None);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await harness.Names.ResolveAsync("db.test", deadline.Token));
            world.Network.Names.Latency = TimeSpan.Zero;
            world.Network.Names.Set("db.test", []);
            await Assert.ThrowsAsync<NetworkException>(async () => await harness.Names.ResolveAsync("db.test", CancellationToken.None));
        });
        Assert.Null(result.Violation);
        Assert.Equal(1, result.Faults["names.failure"]);
        Assert.Equal(1, result.Faults["names.silence"]);
    }
}
