using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class DiscoveryServiceTests
{
    private static readonly NetworkAddress Seed = new("n1", 9200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void Nodes_that_know_one_seed_find_each_other_and_a_client_finds_all()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            DiscoveryService[] services = [await StartAsync(world, 1), await StartAsync(world, 2), await StartAsync(world, 3)];
            foreach (DiscoveryService service in services)
            {
                MemberSnapshot members = await service.WaitForAsync(seen => seen.Count(MemberState.Alive) == 3, Limit, CancellationToken.None);
                Assert.Equal([1, 2, 3], members.All.Select(member => member.Node.Value));
                Assert.True(members.HasQuorum);
            }

            services[1].UpdateSelf(MemberRole.Primary, 7, 2);
            MemberSnapshot told = await services[2].WaitForAsync(seen => seen.Primary is not null, Limit, CancellationToken.None);
            Assert.Equal((2, 7UL), (told.Primary!.Node.Value, told.Primary.Record.Term));
            IReadOnlyList<MemberRecord> found = await DiscoveryQuery.FindAsync(
                harness, "test", new StaticSeedSource([new NetworkAddress("n1", 1), Seed]), CancellationToken.None);
            Assert.Equal(["n1:7001", "n2:7001", "n3:7001"], found.Select(record => record.Address.ToString()));
            await StopAllAsync(world);
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Fact]
    public void A_member_that_fails_is_dead_three_seconds_later_though_the_wall_clock_jumps()
    {
        RunResult result = Worlds.Run(2, async (world, harness) =>
        {
            DiscoveryService first = await StartAsync(world, 1);
            await StartAsync(world, 2);
            await first.WaitForAsync(seen => seen.Count(MemberState.Alive) == 2, Limit, CancellationToken.None);
            world.Machines[0].Clock.Jump(world.Machines[0], TimeSpan.FromDays(1));
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            Assert.Equal(2, first.Members!.Count(MemberState.Alive));
            world.Machines[1].PowerLoss();
            world.Machines[0].Clock.Jump(world.Machines[0], TimeSpan.FromDays(-2));
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(0.9), CancellationToken.None);
            Assert.Equal(0, first.Members!.Count(MemberState.Dead));
            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(2.1), CancellationToken.None);
            Assert.Equal(1, first.Members!.Count(MemberState.Dead));
            Assert.False(first.Members!.HasQuorum);
            await StopAllAsync(world);
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Fact]
    public void A_clone_learns_that_it_is_refused_and_why()
    {
        RunResult result = Worlds.Run(3, async (world, _) =>
        {
            DiscoveryService first = await StartAsync(world, 1);
            await StartAsync(world, 2);
            await first.WaitForAsync(seen => seen.Count(MemberState.Alive) == 2, Limit, CancellationToken.None);
            DiscoveryService clone = await StartAsync(world, 2, "clone");
            await clone.WaitForAsync(_ => clone.FencedBecause is not null, Limit, CancellationToken.None);
            Assert.Contains("two machines have one identity", clone.FencedBecause, StringComparison.Ordinal);
            Assert.Equal("n2", first.Members!.Find(new NodeId(2))!.Record.DiscoveryAddress.Host);
            await StopAllAsync(world);
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Fact]
    public void Strangers_get_a_clear_refusal_and_garbage_costs_its_own_connection_only()
    {
        RunResult result = Worlds.Run(4, async (world, harness) =>
        {
            DiscoveryService first = await StartAsync(world, 1);
            NetworkException wrong = await Assert.ThrowsAsync<NetworkException>(
                () => DiscoveryQuery.FindAsync(harness, "other", new StaticSeedSource([Seed]), CancellationToken.None));
            Assert.Contains("n1:9200 refused: another cluster", wrong.Message, StringComparison.Ordinal);
            Assert.Contains("refused: version 9 of discovery is not 1", await AskAsync(harness, new DiscoveryRequest(9, "test", 0, false, null)), StringComparison.Ordinal);
            Assert.Contains("refused: this is node 1, not node 5", await AskAsync(harness, new DiscoveryRequest(1, "test", 5, false, null)), StringComparison.Ordinal);
            await SendAsync(harness, new byte[5000]);
            byte[] oversized = [255, 255, 255, 127, 32, 0, 0, 0, 0];
            await SendAsync(harness, oversized);
            IConnection silent = await harness.Network.ConnectAsync(Seed, CancellationToken.None);
            Assert.Single(await DiscoveryQuery.FindAsync(harness, "test", new StaticSeedSource([Seed]), CancellationToken.None));
            Assert.Null(first.FencedBecause);
            await StopAllAsync(world);
            await silent.DisposeAsync();
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Fact]
    public void Silent_strangers_do_not_keep_members_out()
    {
        RunResult result = Worlds.Run(5, async (world, harness) =>
        {
            await StartAsync(world, 1, configure: options => options with { ConnectionsMax = 3, IdleLimit = TimeSpan.FromHours(1) });
            var strangers = new List<IConnection>();
            for (int i = 0; i < 5; i++)
            {
                strangers.Add(await harness.Network.ConnectAsync(Seed, CancellationToken.None));
            }

            await harness.Clock.DelayAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
            DiscoveryService second = await StartAsync(world, 2);
            MemberSnapshot members = await second.WaitForAsync(seen => seen.Count(MemberState.Alive) == 2, Limit, CancellationToken.None);
            Assert.Equal(2, members.Count(MemberState.Alive));
            await StopAllAsync(world);
            foreach (IConnection stranger in strangers)
            {
                await stranger.DisposeAsync();
            }
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    [Fact]
    public void A_damaged_boot_counter_and_a_taken_port_fail_the_start_and_leave_nothing_open()
    {
        RunResult result = Worlds.Run(6, async (world, harness) =>
        {
            var taken = new DiscoveryService(harness, Options(9, "harness") with { ListenAddress = new NetworkAddress("elsewhere", 1), AdvertisedHost = "harness" }, NoSeeds);
            await Assert.ThrowsAsync<NetworkException>(() => taken.StartAsync(CancellationToken.None));
            Assert.Null(taken.Members);
            await taken.StopAsync();
            await taken.StopAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken.StartAsync(CancellationToken.None));
            await StopAllAsync(world);
        });
        Assert.True(result.Violation is null, result.Violation?.ToString());
    }

    internal static ISeedSource NoSeeds { get; } = new StaticSeedSource([]);

    internal static DiscoveryOptions Options(int id, string host) => new()
    {
        Self = new NodeId(id),
        ClusterId = "test",
        Address = new NetworkAddress(host, 7001),
        ListenAddress = new NetworkAddress(host, 9200),
    };

    /// <summary>Boots a machine with a service and waits until it has started.</summary>
    internal static async Task<DiscoveryService> StartAsync(
        World world, int id, string? name = null, Func<DiscoveryOptions, DiscoveryOptions>? configure = null)
    {
        var started = new TaskCompletionSource<DiscoveryService>(TaskCreationOptions.RunContinuationsAsynchronously);
        Machine machine = world.AddMachine(name ?? $"n{id}", new MachineOptions());
        machine.Boot(async (platform, stop) =>
        {
            DiscoveryOptions options = Options(id, machine.Name);
            var service = new DiscoveryService(platform, configure?.Invoke(options) ?? options, new StaticSeedSource([Seed]));
            await service.StartAsync(stop);
            started.SetResult(service);
            await Worlds.UntilStoppedAsync(stop);
            await service.StopAsync();
        });
        return await started.Task;
    }

    internal static async Task StopAllAsync(World world)
    {
        foreach (Machine machine in world.Machines)
        {
            await machine.StopAsync(Worlds.StopLimit);
        }
    }

    private static async Task<string> AskAsync(IPlatform harness, DiscoveryRequest request)
    {
        await using DiscoveryConnection connection = await DiscoveryConnection.DialAsync(harness, Seed, Limit, CancellationToken.None);
        return (await Assert.ThrowsAsync<DiscoveryRefusedException>(() => connection.AskAsync(request, Limit, CancellationToken.None))).Message;
    }

    /// <summary>Sends bytes that make no sense: the connection ends.</summary>
    private static async Task SendAsync(IPlatform harness, byte[] bytes)
    {
        await using IConnection connection = await harness.Network.ConnectAsync(Seed, CancellationToken.None);
        await connection.WriteAsync(bytes, CancellationToken.None);
        await Assert.ThrowsAsync<NetworkException>(async () => await connection.ReadAsync(new byte[100], CancellationToken.None));
    }
}
