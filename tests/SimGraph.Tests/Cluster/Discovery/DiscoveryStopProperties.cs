using FsCheck;
using FsCheck.Xunit;
using SimGraph.Cluster.Discovery;
using SimGraph.Properties.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class DiscoveryStopProperties
{
    [Property(MaxTest = 150)]
    public void A_stop_at_any_moment_leaves_nothing_and_nobody_is_called_afterwards(PositiveInt seed, NonNegativeInt moment, bool cut)
    {
        RunResult result = Worlds.Run(
            (ulong)seed.Get,
            async (world, harness) =>
            {
                await DiscoveryServiceTests.StartAsync(world, 1);
                await DiscoveryServiceTests.StartAsync(world, 2);
                Machine third = world.AddMachine("n3", new MachineOptions());
                third.Boot(async (platform, stop) =>
                {
                    var observer = new LateObserver();
                    var service = new DiscoveryService(
                        platform, DiscoveryServiceTests.Options(3, "n3"), new StaticSeedSource([new NetworkAddress("n1", 9200), new NetworkAddress("n2", 9200)]), observer);
                    Task starting = service.StartAsync(CancellationToken.None);
                    await platform.Clock.DelayAsync(TimeSpan.FromMicroseconds(moment.Get * (moment.Get % 2 == 0 ? 37L : 29_000L)), CancellationToken.None);
                    Task first = service.StopAsync();
                    await service.StopAsync();
                    await first;
                    observer.HasStopped = true;
                    try
                    {
                        await starting;
                    }
                    catch (OperationCanceledException)
                    {
                        // Stopped first.
                    }
                });
                if (cut)
                {
                    world.Network.CutAll(third);
                }

                await harness.Clock.DelayAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
                Assert.False(third.IsOn);
                await DiscoveryServiceTests.StopAllAsync(world);
            },
            options => options with { Network = new NetworkOptions { Faults = NetworkFaultOptions.Lite } });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Theory]
    [InlineData(Profiles.Swarm)]
    [InlineData(Profiles.Brutal)]
    [InlineData(Profiles.Performance)]
    public void The_scenario_holds_and_is_deterministic(string profile)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            RunResult first = new DiscoveryScenario().Run(new ScenarioRequest { Seed = seed, Profile = profile }).Result;
            RunResult second = new DiscoveryScenario().Run(new ScenarioRequest { Seed = seed, Profile = profile }).Result;
            Assert.True(first.Violation is null, $"seed {seed}: {first.Violation}");
            Assert.Equal((first.Hash, first.Steps), (second.Hash, second.Steps));
        }
    }

    private sealed class LateObserver : IDiscoveryObserver
    {
        public bool HasStopped { get; set; }

        public void Changed(MemberEvent change) => Assert.False(HasStopped, "called after the stop");
    }
}
