using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Replication.Backup;

/// <summary>Backups of a real cluster, over real sockets, on real disks.</summary>
public sealed class BackupTakerTests : IAsyncDisposable
{
    private const string Folder = "backup";
    private readonly LoopbackCluster _cluster = new(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_backup_of_each_member_is_continued_and_becomes_a_new_cluster_that_takes_writes()
    {
        GraphClient client = await StartAsync();
        foreach (NodeId source in _cluster.Members.Keys)
        {
            string folder = $"{Folder}-{source.Value}";
            await WriteAsync(client, 5);
            BackupSummary taken = await Taker(folder, source).TakeAsync(Cancellation);
            await WriteAsync(client, 5);
            BackupSummary continued = await UntilNewAsync(() => Taker(folder, source).ContinueAsync(Cancellation), taken);
            Assert.Equal((taken.Id, taken.Base), (continued.Id, continued.Base));
            Assert.Equal(continued, await BackupVerification.VerifyAsync(Disk.Disk, folder, Cancellation));
        }

        string last = $"{Folder}-3";
        BackupSummary backup = await BackupVerification.DescribeAsync(Disk.Disk, last, Cancellation);
        (NodeId only, NetworkAddress address) = (new NodeId(7), new NetworkAddress("127.0.0.1", LoopbackCluster.FreePorts(1)[0]));
        var options = new RestoreOptions { ClusterId = "new", Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(only, address) };
        RestoreSummary restored = await BackupRestore.RestoreAsync(Disk, Disk.Disk, last, options, Cancellation);
        Assert.Equal(backup.End, restored.Position);
        var node = new ReplicaNode(Disk, new ReplicaOptions
        {
            Self = only,
            Members = options.Members,
            ClusterId = "new",
            HeartbeatInterval = TimeSpan.FromMilliseconds(50),
            ElectionTimeout = TimeSpan.FromMilliseconds(300),
            LogDirectory = "node-7/log",
            State = new StateMachineOptions { Tree = new LsmOptions { Folder = "node-7/state" } },
        });
        await node.StartAsync(Cancellation);
        var newClient = new GraphClient(Disk, new ClientOptions { Addresses = [address], ClusterId = "new" });
        await WriteAsync(newClient, 1);
        Assert.Equal(only, Assert.Single(node.Status.Membership!.Voters).Id);
        Assert.True(node.Status.AppliedIndex > restored.Membership.Index);
        await newClient.StopAsync();
        await node.StopAsync();
    }

    [Fact]
    public async Task A_backup_whose_end_the_logs_do_not_hold_any_more_says_so_and_stays_what_it_is()
    {
        GraphClient client = await StartAsync();
        await WriteAsync(client, 5);
        BackupSummary taken = await Taker(Folder, [.. _cluster.Members.Keys]).TakeAsync(Cancellation);
        while (_cluster.Nodes.Values.Any(node => node.Status.LogStart.Index <= taken.End.Index))
        {
            await WriteAsync(client, 5);
        }

        await Assert.ThrowsAsync<BackupGapException>(() => Taker(Folder, [.. _cluster.Members.Keys]).ContinueAsync(Cancellation));
        Assert.Equal(taken, await BackupVerification.VerifyAsync(Disk.Disk, Folder, Cancellation));
    }

    [Fact]
    public async Task A_folder_with_a_backup_is_not_taken_again_and_one_without_is_not_continued()
    {
        await WriteAsync(await StartAsync(), 2);
        await Assert.ThrowsAsync<BackupException>(() => Taker(Folder, new NodeId(1)).ContinueAsync(Cancellation));
        await Taker(Folder, new NodeId(1)).TakeAsync(Cancellation);
        BackupException refused = await Assert.ThrowsAsync<BackupException>(() => Taker(Folder, new NodeId(1)).TakeAsync(Cancellation));
        Assert.Contains("already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_is_down_is_passed_over_and_when_all_are_the_backup_fails()
    {
        await WriteAsync(await StartAsync(), 2);
        await _cluster.StopAsync(1);
        await Taker(Folder, new NodeId(1), new NodeId(2)).TakeAsync(Cancellation);
        BackupException failed = await Assert.ThrowsAsync<BackupException>(() => Taker("other", new NodeId(1)).TakeAsync(Cancellation));
        Assert.Contains("no member served", failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BackupException>(() => BackupVerification.VerifyAsync(Disk.Disk, "other", Cancellation));
    }

    [Fact]
    public async Task States_that_are_frozen_are_bounded_and_let_go_with_their_connection()
    {
        await WriteAsync(await StartAsync(), 2);

        // More one after the other than there may be at a time.
        for (int i = 0; i <= _cluster.Options(1).BackupsMax; i++)
        {
            await Taker($"{Folder}-{i}", new NodeId(1)).TakeAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Who_says_how_far_a_backup_goes_has_made_that_durable_also_when_there_is_nothing_new()
    {
        await WriteAsync(await StartAsync(), 2);
        await Taker(Folder, new NodeId(1)).TakeAsync(Cancellation);
        FailingDisk? disk = null;
        IPlatform platform = _cluster.Platform(0, around => disk = new FailingDisk(around));
        disk!.Fail();
        await Assert.ThrowsAsync<DiskException>(() => Taker(platform, Folder, new NodeId(1)).ContinueAsync(Cancellation));
    }

    private IPlatform Disk => _cluster.Platform(0);

    private BackupTaker Taker(string folder, params NodeId[] sources) => Taker(Disk, folder, sources);

    private BackupTaker Taker(IPlatform platform, string folder, params NodeId[] sources) => new(platform, new BackupOptions
    {
        Addresses = [.. sources.Select(source => _cluster.Members[source])],
        Folder = folder,
        AttemptsMax = 3,
        RetryDelayMax = TimeSpan.FromMilliseconds(100),
    });

    private async Task<GraphClient> StartAsync()
    {
        for (int node = 1; node <= 3; node++)
        {
            await _cluster.StartAsync(node);
        }

        return _cluster.Client();
    }

    // A follower may hear of what was acknowledged with the next heartbeat only.
    private static async Task<BackupSummary> UntilNewAsync(Func<Task<BackupSummary>> work, BackupSummary before)
    {
        BackupSummary after;
        do
        {
            after = await work();
        }
        while (after.End == before.End);

        return after;
    }

    private static async Task WriteAsync(GraphClient client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True((await client.WriteAsync(new GraphCommand(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty)), Cancellation)).IsApplied);
        }
    }
}
