using Microsoft.Coyote.Random;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Discovery, whose member table is shared by threads, is stopped while it works. Afterwards nothing of it is left and nobody is called.</summary>
public sealed class DiscoveryScenarios
{
    private const int PausesPerTimer = 20;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_service_is_stopped_twice_while_it_starts()
    {
        FineLane.Explore("discovery stopped while starting", 100, async () =>
        {
            var world = new DiscoveryWorld(1);
            Task start = Task.Run(() => world.StartAsync(0));
            if (Generator.Create().NextBoolean())
            {
                await start;
            }

            Task firstStop = Task.Run(() => world.StopAsync(0));
            Task secondStop = Task.Run(() => world.StopAsync(0));
            await firstStop;
            await secondStop;
            world.Observer.HasStopped = true;
            await start;
            world.AssertNothingLeft();
        });
    }

    [Fact]
    public void Two_services_that_meet_are_stopped_in_the_middle()
    {
        int met = 0;
        int schedules = FineLane.Explore("two discoveries stopped", 30, async () =>
        {
            var world = new DiscoveryWorld(2);
            await world.StartAsync(0);
            await world.StartAsync(1);
            Task time = Task.Run(() => world.DriveTimeAsync(timersMax: 12));
            if (Generator.Create().NextBoolean())
            {
                await time;
            }

            Task first = Task.Run(() => world.StopAsync(0));
            await world.StopAsync(1);
            await first;
            world.Observer.HasStopped = true;
            await time;
            world.AssertNothingLeft();
            met += world.Observer.Alive > 0 ? 1 : 0;
        }).Schedules;
        TestContext.Current.TestOutputHelper?.WriteLine($"in {met} schedules one saw the other alive");
        Assert.True(met > 0, $"only in {met} of {schedules} schedules one saw the other");
    }

    private sealed class DiscoveryWorld
    {
        private readonly FineLaneSite _site = new(PausesPerTimer);
        private readonly DiscoveryService[] _services;

        internal DiscoveryWorld(int nodes)
        {
            _services = [.. Enumerable.Range(1, nodes).Select(id => new DiscoveryService(
                _site.AddMachine($"node{id}"), Options(id), new StaticSeedSource([new NetworkAddress("node1", 2)]), Observer))];
        }

        internal CountingObserver Observer { get; } = new();

        internal async Task StartAsync(int node)
        {
            try
            {
                await _services[node].StartAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Stopped before it had started.
            }
        }

        internal Task StopAsync(int node) => Promise.EndsAsync<StopReturns>(_services[node].StopAsync());

        internal Task DriveTimeAsync(int timersMax) => _site.DriveTimeAsync(timersMax, static () => false);

        internal void AssertNothingLeft() => _site.AssertNothingLeft();

        // Only ticks move these scenarios: a limit on a connection would turn slow schedules into failed ones.
        private static DiscoveryOptions Options(int id) => new()
        {
            Self = new NodeId(id),
            ClusterId = "test",
            Address = new NetworkAddress($"node{id}", 1),
            ListenAddress = new NetworkAddress($"node{id}", 2),
            DialLimit = Long,
            ExchangeLimit = Long,
            IdleLimit = Long,
            StopLimit = Long,
        };
    }

    private sealed class CountingObserver : IDiscoveryObserver
    {
        private int _alive;
        private int _stopped;

        internal int Alive => Volatile.Read(ref _alive);

        internal bool HasStopped
        {
            set => Volatile.Write(ref _stopped, value ? 1 : 0);
        }

        public void Changed(MemberEvent change)
        {
            Assert.Equal(0, Volatile.Read(ref _stopped));
            if (change.Kind == MemberEventKind.Alive)
            {
                Interlocked.Increment(ref _alive);
            }
        }
    }
}
