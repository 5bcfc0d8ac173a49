using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Replication;
using SimGraph.Tests.Runtime.Tls;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>A server under TLS, as a user starts it, and a cluster of three whose members and client show each other certificates.</summary>
public sealed class TlsServerTests : IDisposable
{
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_server_serves_those_with_a_certificate_and_refuses_the_others()
    {
        var node = new NodeId(1);
        var address = new NetworkAddress("127.0.0.1", LoopbackCluster.FreePorts(1)[0]);
        TlsOptions files = _authority.Issue("server");
        using var server = new ServerProcess(
            node, ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(node, address), Path.Combine(_directory, "data"), Arguments(files));
        await server.Listens;
        var client = new GraphClient(Platform(await OpenAsync(_authority.Issue("client"))), new ClientOptions { Addresses = [address] });
        Assert.True((await client.WriteAsync(Command, Cancellation)).IsApplied);
        await client.StopAsync();

        var plain = new GraphClient(
            Platform(new SocketNetwork()), new ClientOptions { Addresses = [address], HandshakeLimit = TimeSpan.FromMilliseconds(300), OperationLimit = TimeSpan.FromSeconds(1) });
        await Assert.ThrowsAsync<TimeoutException>(() => plain.WriteAsync(Command, Cancellation));
        await plain.StopAsync();
        await ServerCommandLine.AssertRunsAsync(0, "any index from", ["backup", "--from", $"{address}", "--folder", Path.Combine(_directory, "backup"), .. Arguments(files)]);
        Assert.Equal(0, await server.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_says_what_is_wrong_with_its_certificates()
    {
        TlsOptions files = _authority.Issue("server");
        string[] node = ["--id", "1", "--data", Path.Combine(_directory, "data"), "--member", $"1=127.0.0.1:{LoopbackCluster.FreePorts(1)[0]}"];
        await ServerCommandLine.AssertRunsAsync(1, "go together", [.. node, "--tls-certificate", files.CertificatePath]);
        File.WriteAllText(files.KeyPath, "no key");
        await ServerCommandLine.AssertRunsAsync(6, files.KeyPath, [.. node, .. Arguments(files)]);
    }

    [Fact]
    public async Task A_cluster_replicates_over_tls()
    {
        TlsNetwork[] networks = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(number => OpenAsync(_authority.Issue($"node{number}"))))];
        await using var cluster = new LoopbackCluster(3) { NetworkOf = node => networks[node] };
        for (int node = 1; node <= 3; node++)
        {
            await cluster.StartAsync(node);
        }

        GraphClient client = cluster.Client();
        for (int i = 0; i < 20; i++)
        {
            WriteAnswer answer = await client.WriteAsync(Command, SimGraph.Replication.WriteAcknowledgement.All, Cancellation);
            Assert.True(answer.IsReplicated);
        }

        Assert.Equal(20, ((CountAnswer)await client.ReadAsync(new CountNodes(), Cancellation)).Count);
    }

    private static string[] Arguments(TlsOptions files) =>
        ["--tls-certificate", files.CertificatePath, "--tls-key", files.KeyPath, "--tls-authority", files.AuthorityPath];

    private static Task<TlsNetwork> OpenAsync(TlsOptions options) =>
        TlsNetwork.OpenAsync(new SocketNetwork(), options, TimeProvider.System, NullLoggerFactory.Instance, Cancellation);

    private ProductionPlatform Platform(INetwork network) =>
        new("client", network, new FileSystemDisk(Path.Combine(_directory, "client")), NullLoggerFactory.Instance);
}
