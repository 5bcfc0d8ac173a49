using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;
using SimGraph.Tests.Runtime.Tls;
using Xunit;

namespace SimGraph.Tests.Cluster.Discovery;

/// <summary>The same service on real sockets, names, files and threads.</summary>
public sealed class RealDiscoveryTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"simgraph-discovery-{Guid.NewGuid():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Two_processes_meet_by_name_and_one_comes_back_at_another_address_with_a_newer_epoch()
    {
        DiscoveryService first = Create(1, []);
        await first.StartAsync(Cancellation);
        ProductionPlatform platform = Platform("2");
        ISeedSource seeds = new DnsSeedSource(platform, [new NetworkAddress("localhost", first.Own!.DiscoveryAddress.Port)]);
        DiscoveryService second = new(platform, Options(2), seeds);
        await second.StartAsync(Cancellation);
        MemberSnapshot seen = await first.WaitForAsync(members => members.Count(MemberState.Alive) == 2, Limit, Cancellation);
        Assert.Equal(1UL, seen.Find(new NodeId(2))!.Record.Epoch);
        NetworkAddress before = second.Own!.DiscoveryAddress;
        await second.StopAsync();

        DiscoveryService again = new(platform, Options(2), seeds);
        await again.StartAsync(Cancellation);
        seen = await first.WaitForAsync(members => members.Find(new NodeId(2)) is { IsHealthy: true, Record.Epoch: 2 }, Limit, Cancellation);
        Assert.Equal(again.Own!.DiscoveryAddress, seen.Find(new NodeId(2))!.Record.DiscoveryAddress);
        Assert.NotEqual(0, before.Port);
        await Task.WhenAll(again.StopAsync(), first.StopAsync(), again.StopAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => again.StartAsync(Cancellation));
    }

    [Fact]
    public async Task Under_tls_members_meet_and_nobody_without_their_certificates_is_ever_a_member()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("stranger");
        using var log = new LogLines();
        DiscoveryService first = Create(1, [], await OpenAsync(authority.Issue("1"), log));
        await first.StartAsync(Cancellation);
        NetworkAddress[] seeds = [first.Own!.DiscoveryAddress];
        DiscoveryService plain = Create(3, seeds);
        DiscoveryService foreign = Create(4, seeds, await OpenAsync(stranger.Issue("4")));
        await plain.StartAsync(Cancellation);
        await log.WhenAsync("Refused");
        await foreign.StartAsync(Cancellation);
        await log.WhenAsync("CN=4");
        DiscoveryService second = Create(2, seeds, await OpenAsync(authority.Issue("2")));
        await second.StartAsync(Cancellation);
        MemberSnapshot seen = await first.WaitForAsync(members => members.Count(MemberState.Alive) == 2, Limit, Cancellation);
        await second.WaitForAsync(members => members.Count(MemberState.Alive) == 2, Limit, Cancellation);

        Assert.NotNull(seen.Find(new NodeId(2)));
        Assert.All([first, second], service => Assert.Equal([new NodeId(1), new NodeId(2)], service.Members!.All.Select(member => member.Node)));
        Assert.All([plain, foreign], service => Assert.Equal(1, service.Members!.Count(MemberState.Alive)));
        foreach (DiscoveryService service in (DiscoveryService[])[foreign, plain, second, first])
        {
            await service.StopAsync();
        }
    }

    [Fact]
    public async Task Stop_while_starting_leaves_the_port_free()
    {
        for (int round = 0; round < 20; round++)
        {
            DiscoveryService service = Create(1, []);
            Task starting = Task.Run(() => service.StartAsync(Cancellation), Cancellation);
            await Task.WhenAll(Task.Run(service.StopAsync, Cancellation), Task.Run(service.StopAsync, Cancellation));
            await Task.WhenAny(starting);
            if (service.Own is { } own)
            {
                await Assert.ThrowsAsync<NetworkException>(async () => await new SocketNetwork().ConnectAsync(own.DiscoveryAddress, Cancellation));
            }
        }
    }

    private static Task<TlsNetwork> OpenAsync(TlsOptions options, ILoggerFactory? log = null) =>
        TlsNetwork.OpenAsync(new SocketNetwork(), options, TimeProvider.System, log ?? NullLoggerFactory.Instance, Cancellation);

    private DiscoveryService Create(int id, NetworkAddress[] seeds, INetwork? network = null) =>
        new(Platform($"{id}", network), Options(id), new StaticSeedSource(seeds));

    private ProductionPlatform Platform(string folder, INetwork? network = null) =>
        new(folder, network ?? new SocketNetwork(), new FileSystemDisk(Path.Combine(_root, folder)), NullLoggerFactory.Instance);

    private static DiscoveryOptions Options(int id) => new()
    {
        Self = new NodeId(id),
        ClusterId = "test",
        Address = new NetworkAddress("127.0.0.1", 7000 + id),
        ListenAddress = new NetworkAddress("127.0.0.1", 0),
    };
}
