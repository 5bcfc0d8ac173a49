// Restores every backup to several indexes and compares the state with what the cluster's members had there; then starts a new cluster from one of them and writes to it.

using System.Collections.Immutable;
using System.Globalization;
using SimGraph.Cluster.Consensus;
using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Backup;

/// <summary>The program that restores.</summary>
internal sealed class BackupRestorer(World world, BackupKeeper keeper, BackupPlan plan, CommitChecker commits)
{
    private const string NewCluster = "restored";
    private const int FirstPort = 7100;
    private int _restores;

    /// <summary>True once everything is restored and compared.</summary>
    public bool IsDone { get; private set; }

    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        Random random = platform.Random.Get("backup.restore");
        for (int folder = 0; folder < keeper.Folders.Count; folder++)
        {
            await keeper.CheckAsync(platform, folder, stop);
            if (await platform.Disk.ExistsAsync($"{keeper.Folders[folder]}/backup.manifest", stop))
            {
                await RestoreAllAsync(platform, keeper.Folders[folder], random, stop);
            }
        }

        await StartAsync(platform, random, stop);
        IsDone = true;
    }

    private async Task RestoreAllAsync(IPlatform platform, string folder, Random random, CancellationToken stop)
    {
        BackupSummary backup = await BackupVerification.DescribeAsync(platform.Disk, folder, stop);
        var indexes = new SortedSet<ulong> { backup.Base.Index, backup.End.Index };
        for (int i = 0; i < plan.Indexes; i++)
        {
            indexes.Add(Draw(random, backup));
        }

        foreach (ulong index in indexes)
        {
            await RestoreAsync(platform, folder, index, members: 1, stop);
        }
    }

    private async Task<RestoreOptions?> RestoreAsync(IPlatform platform, string folder, ulong index, int members, CancellationToken stop)
    {
        var options = new RestoreOptions
        {
            ClusterId = NewCluster,
            Folder = $"restore-{++_restores}",
            Index = index,
            Members = Enumerable.Range(1, members).ToImmutableSortedDictionary(
                static number => new NodeId(number), number => new NetworkAddress(keeper.Machine.Name, FirstPort + number)),
        };
        try
        {
            RestoreSummary restored = await BackupRestore.RestoreAsync(platform, platform.Disk, folder, options, stop);
            (ulong term, UInt128? digest) = commits.At(index);
            world.Count("backup.restored");
            if (restored.Position.Index != index || restored.Position.Term != term || (digest is not null && restored.Digest != digest))
            {
                Fail("backup.restored-something-else", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{folder} restored to {index} is at {restored.Position} with digest {restored.Digest:x}; the cluster was of term {term} with digest {digest:x}"));
            }

            return options;
        }
        catch (BackupException exception)
        {
            Fail("backup.not-restored", $"{folder} to {index}: {exception.Message}");
            return null;
        }
    }

    private async Task StartAsync(IPlatform platform, Random random, CancellationToken stop)
    {
        BackupSummary backup = await BackupVerification.DescribeAsync(platform.Disk, keeper.Folders[^1], stop);
        ulong index = Draw(random, backup);
        if (await RestoreAsync(platform, keeper.Folders[^1], index, plan.NewMembers, stop) is not { } restored)
        {
            return;
        }

        List<ReplicaNode> nodes = [.. restored.Members.Keys.Select(node => new ReplicaNode(platform, Options(restored, node)))];
        foreach (ReplicaNode node in nodes)
        {
            await node.StartAsync(stop);
        }

        var client = new GraphClient(platform, new ClientOptions { Addresses = [.. restored.Members.Values], ClusterId = NewCluster });
        try
        {
            GraphOutcome outcome = await client.WriteAsync(new GraphCommand(new CreateNode(LabelSet.Of("after"), PropertyMap.Empty)), stop);
            ulong written = outcome.Results[0].Element.Value;
            ReplicaStatus status = nodes[0].Status;
            if (!outcome.IsApplied || written == 0 || !restored.Members.Keys.SequenceEqual(status.Membership!.Voters.Select(static voter => voter.Id)))
            {
                Fail("backup.new-cluster", $"the cluster restored to {index} answers {outcome}, and its members are {status.Membership}");
            }

            await ConvergeAsync(platform, nodes, stop);
            world.Count("backup.clusters-started");
        }
        finally
        {
            await client.StopAsync();
            foreach (ReplicaNode node in nodes)
            {
                await node.StopAsync();
            }
        }
    }

    private static async Task ConvergeAsync(IPlatform platform, List<ReplicaNode> nodes, CancellationToken stop)
    {
        while (nodes.Any(node => node.Status.AppliedIndex < nodes.Max(static other => other.Status.CommitIndex)))
        {
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(50), stop);
        }
    }

    private ReplicaOptions Options(RestoreOptions restored, NodeId node) => new()
    {
        Self = node,
        Members = restored.Members,
        ClusterId = NewCluster,
        HeartbeatInterval = plan.Cluster.HeartbeatInterval,
        ElectionTimeout = plan.Cluster.ElectionTimeout,
        LogDirectory = $"{restored.FolderOf(node)}/log",
        State = new StateMachineOptions { Tree = new LsmOptions { Folder = $"{restored.FolderOf(node)}/state" } },
    };

    private static ulong Draw(Random random, BackupSummary backup) =>
        backup.Base.Index + (ulong)random.NextInt64((long)(backup.End.Index - backup.Base.Index) + 1);

    private void Fail(string check, string what) => world.Fail(ViolationClass.Safety, check, what);
}
