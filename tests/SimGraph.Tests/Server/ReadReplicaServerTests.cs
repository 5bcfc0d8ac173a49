using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Replication;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>A server that publishes, and a read replica in a process of its own that follows it.</summary>
public sealed partial class ReadReplicaServerTests : IDisposable
{
    private const int Writes = 20;
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_read_replica_catches_up_with_what_was_written_before_and_after_it_came_and_both_stop_when_told()
    {
        (NetworkAddress address, NetworkAddress publish) = Addresses();
        using ServerProcess server = StartServer("data", address, "--publish", $"{publish}");
        await server.Listens;
        await WriteAsync(address, Writes);
        using var replica = new ServerProcess("read-replica", "--from", $"{publish}", "--data", Path.Combine(_directory, "replica"), "--name", "one");
        await replica.SaysAsync(line => AppliedIn(line) >= Writes);
        await WriteAsync(address, Writes);
        await replica.SaysAsync(line => AppliedIn(line) >= 2 * Writes);
        AssertUsesNetMq(replica, true);
        AssertUsesNetMq(server, true);
        Assert.Equal(0, await replica.TerminateAsync(Cancellation));
        Assert.Equal(0, await server.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task A_read_replica_stops_when_told_though_nobody_publishes()
    {
        using var replica = new ServerProcess("read-replica", "--from", $"{Addresses().Publish}", "--data", Path.Combine(_directory, "replica"));
        await replica.SaysAsync(static line => line.Contains("follows from entry", StringComparison.Ordinal));
        Assert.Equal(0, await replica.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_that_does_not_publish_loads_no_zeromq()
    {
        using ServerProcess server = StartServer("data", Addresses().Server);
        await server.Leads;
        AssertUsesNetMq(server, false);
        Assert.Equal(0, await server.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task Wrong_addresses_of_the_fan_out_are_told()
    {
        string[] node = ["--id", "1", "--data", Path.Combine(_directory, "data"), "--member", $"1={Addresses().Server}"];
        await ServerCommandLine.AssertRunsAsync(1, "not an address", [.. node, "--publish", "nine"]);
        await ServerCommandLine.AssertRunsAsync(1, "the two after it", [.. node, "--publish", "127.0.0.1:65534"]);
        await ServerCommandLine.AssertRunsAsync(1, "the two after it", "read-replica", "--from", "127.0.0.1:0", "--data", "x");
        await ServerCommandLine.AssertRunsAsync(1, "--from", "read-replica", "--data", "x");
        await ServerCommandLine.AssertRunsAsync(1, "Name is longer", "read-replica", "--from", "127.0.0.1:1", "--data", "x", "--name", new string('n', 201));
        await ServerCommandLine.AssertRunsAsync(6, "simgraph-server:", [.. node, "--publish", "192.0.2.1:9090"]);
    }

    private static long AppliedIn(string line) =>
        Position().Match(line) is { Success: true } position ? long.Parse(position.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    [GeneratedRegex("has applied entry ([0-9]+) of")]
    private static partial Regex Position();

    private static void AssertUsesNetMq(ServerProcess server, bool expected)
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(expected, File.ReadAllText($"/proc/{server.ProcessId}/maps").Contains("NetMQ.dll", StringComparison.Ordinal));
        }
    }

    /// <summary>Where the server listens, and the first of three ports in a row.</summary>
    private static (NetworkAddress Server, NetworkAddress Publish) Addresses()
    {
        List<int> ports = LoopbackCluster.FreePorts(40);
        int run = Enumerable.Range(1, ports.Count - 3).First(i => ports[i + 2] == ports[i] + 2);
        return (new NetworkAddress("127.0.0.1", ports[0]), new NetworkAddress("127.0.0.1", ports[run]));
    }

    private ServerProcess StartServer(string data, NetworkAddress address, params string[] more) =>
        new(new NodeId(1), ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(new NodeId(1), address), Path.Combine(_directory, data), more);

    private async Task WriteAsync(NetworkAddress address, int count)
    {
        var client = new GraphClient(
            new ProductionPlatform("client", new SocketNetwork(), new FileSystemDisk(Path.Combine(_directory, "client")), NullLoggerFactory.Instance),
            new ClientOptions { Addresses = [address] });
        for (int i = 0; i < count; i++)
        {
            Assert.True((await client.WriteAsync(Command, Cancellation)).IsApplied);
        }

        await client.StopAsync();
    }
}
