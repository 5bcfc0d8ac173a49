using SimGraph.Soak.Bench.Storage;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>The replication benchmark: acknowledged writes beside the log alone and whoever else takes part, the fan-out, recovery.</summary>
internal sealed class ReplicationBenchRun(ReplicationBenchOptions options, Terminal terminal)
{
    private const int ShortestLog = 1_000;
    private const int LogGrowth = 10;
    private static readonly int[] Clients = [1, 16, 256];
    private static readonly int[] Replicas = [1, 3];

    public async Task RunAsync(IReadOnlyList<ClusterContender> others)
    {
        using var folders = new StorageFolders(options.Folder);
        BenchView.WriteMachine(terminal);
        var view = new ReplicationBenchView(terminal);
        ClusterContender[] contenders = [SimGraphCluster.Contender, .. others, LogCeiling.One, LogCeiling.Three];
        view.WriteConditions(options, folders.FileSystem, contenders);
        await MeasureWritesAsync(contenders, others, folders, view);
        var fanout = new List<FanoutRate>();
        foreach (int replicas in Replicas)
        {
            fanout.Add(await new FanoutBench(options.Slice * 2).MeasureAsync(folders.New(), replicas));
            terminal.Interrupted.ThrowIfCancellationRequested();
        }

        view.WriteFanout(fanout);
        var recoveries = new List<RecoveryTime>();
        for (int entries = ShortestLog; entries <= options.EntriesMost; entries *= LogGrowth)
        {
            recoveries.Add(await RecoveryBench.MeasureAsync(folders.New(), entries));
            terminal.Interrupted.ThrowIfCancellationRequested();
        }

        view.WriteRecoveries(recoveries);
        BenchView.WriteLoad(terminal);
    }

    private async Task MeasureWritesAsync(
        ClusterContender[] contenders, IReadOnlyList<ClusterContender> others, StorageFolders folders, ReplicationBenchView view)
    {
        var opened = new List<(string Name, IMeasuredCluster Cluster)>();
        try
        {
            foreach (ClusterContender contender in contenders)
            {
                opened.Add((contender.Name, await contender.OpenAsync(folders.New())));
            }

            var bench = new WriteBench(options.Rounds, options.Slice, terminal.Interrupted);
            foreach (int clients in Clients.Where(clients => clients <= options.ClientsMost))
            {
                IReadOnlyList<WriteRate> rates = await bench.MeasureAsync(opened, clients);
                view.WriteRates(clients, rates, [.. others.Select(static other => other.Name)], isLast: clients == Clients[^1]);
            }
        }
        finally
        {
            foreach ((_, IMeasuredCluster cluster) in opened)
            {
                await cluster.DisposeAsync();
            }

            folders.Clear();
        }
    }
}
