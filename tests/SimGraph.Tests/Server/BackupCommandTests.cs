using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Replication;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>The commands for backups, as a user types them.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("simgraph-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_running_node_is_backed_up_verified_and_restored_and_the_new_one_starts()
    {
        NetworkAddress[] addresses = [.. LoopbackCluster.FreePorts(2).Select(static port => new NetworkAddress("127.0.0.1", port))];
        string backup = Path.Combine(_directory, "backup");
        var node = new NodeId(1);
        using (var server = new ServerProcess(node, ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(node, addresses[0]), Path.Combine(_directory, "data")))
        {
            await server.Listens;
            var client = new GraphClient(
                new ProductionPlatform("client", new SocketNetwork(), new FileSystemDisk(Path.Combine(_directory, "client")), NullLoggerFactory.Instance),
                new ClientOptions { Addresses = [addresses[0]] });
            await client.WriteAsync(new GraphCommand(new CreateNode(LabelSet.Of("kept"), PropertyMap.Empty)), Cancellation);
            await client.StopAsync();
            await ServerCommandLine.AssertRunsAsync(0, "any index from", "backup", "--from", $"{addresses[0]}", "--folder", backup);
            await ServerCommandLine.AssertRunsAsync(0, "any index from", "backup", "--from", $"{addresses[0]}", "--folder", backup, "--continue");
            await ServerCommandLine.AssertRunsAsync(6, "already", "backup", "--from", $"{addresses[0]}", "--folder", backup);
        }

        await ServerCommandLine.AssertRunsAsync(0, "whole", "verify-backup", "--folder", backup);
        string[] restore = ["restore", "--folder", backup, "--data", Path.Combine(_directory, "new"), "--cluster", "new", "--member", $"1={addresses[1]}"];
        await ServerCommandLine.AssertRunsAsync(6, "can be restored to", [.. restore, "--index", "1000000"]);
        await ServerCommandLine.AssertRunsAsync(0, "restored entry", restore);
        await ServerCommandLine.AssertRunsAsync(6, "not empty", restore);
        await ServerCommandLine.AssertRunsAsync(1, "not of the form", "restore", "--folder", backup, "--data", "x", "--cluster", "new", "--member", "1");
        await ServerCommandLine.AssertRunsAsync(6, "must not run", "--id", "1", "--data", Path.Combine(_directory, "new", "node-1"), "--member", $"1={addresses[1]}");
        File.WriteAllBytes(Path.Combine(backup, "backup.manifest"), [1]);
        await ServerCommandLine.AssertRunsAsync(6, "damaged", "verify-backup", "--folder", backup);
    }
}
