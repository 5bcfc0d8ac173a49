// A cluster of real processes under kill -9 and worse, in rounds: clients work on fresh objects while leaders are killed; then they rest, everything is read once more, and the
// checker judges the round's history. What was there at the end of a round must be there, on every replica, at the end of the run.

using System.Diagnostics;
using System.Globalization;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Explanations;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.RealCluster.Faults;
using SimGraph.RealCluster.Processes;
using SimGraph.RealCluster.Work;
using SimGraph.Replication.Client;
using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster;

/// <summary>One run.</summary>
internal sealed class RealClusterRun(RealClusterOptions options, Action<string> say)
{
    private const int SharedNodes = 4;
    private readonly Acknowledgements _acknowledgements = new();
    private readonly Counts _counts = new();
    private readonly List<Round> _rounds = [];
    private readonly List<KillRecord> _kills = [];
    private TimeSpan _checkTime;
    private long _partitions;

    /// <summary>Runs it to its end. Leaves no process behind; leaves its folder behind only if it fails.</summary>
    /// <exception cref="ClusterFailureException">The cluster broke a promise; the message says where logs and history are.</exception>
    public async Task<RealClusterReport> RunAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        long began = Stopwatch.GetTimestamp();
        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"simgraph-real-{Path.GetRandomFileName()}")).FullName;
        try
        {
            long compared;
            await using (ServerCluster cluster = await ServerCluster.StartAsync(options, folder))
            {
                await WorkAsync(cluster, cancellationToken);
                var check = new FinalCheck(options, cluster);
                await check.StopServersAsync();
                compared = await check.CompareAsync(_rounds, cancellationToken);
            }

            Directory.Delete(folder, recursive: true);
            return new RealClusterReport(_kills, _counts, _rounds.Count, _partitions, _checkTime, compared, Stopwatch.GetElapsedTime(began));
        }
        catch (OperationCanceledException)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        catch (ClusterFailureException failure)
        {
            throw new ClusterFailureException($"{failure.Message}\nThe servers' files and logs are in {folder}.");
        }
    }

    private async Task WorkAsync(ServerCluster cluster, CancellationToken cancellationToken)
    {
        var nemesis = new Nemesis(options, cluster, _acknowledgements);
        RealClient[] clients = [.. Enumerable.Range(1, options.Clients + 1).Select(number => NewClient(number, cluster))];
        try
        {
            while (_kills.Count < options.Kills)
            {
                int kills = Math.Min(options.KillsPerRound, options.Kills - _kills.Count);
                Round round = await PlayAsync(nemesis, clients, kills, cancellationToken);
                Judge(round, cluster.Folder);
            }
        }
        finally
        {
            foreach (RealClient client in clients)
            {
                await client.StopAsync();
            }
        }
    }

    private RealClient NewClient(int number, ServerCluster cluster)
    {
        var reach = new ClientOptions
        {
            Addresses = [.. cluster.ClientAddresses],
            ConnectLimit = options.ElectionTimeout,
            HandshakeLimit = options.ElectionTimeout,
            RequestLimit = options.ElectionTimeout * 2,
            RetryDelayMax = options.ElectionTimeout / 5,
            OperationLimit = options.RecoveryLimit,
        };
        return new RealClient(number, options, reach, Path.Combine(cluster.Folder, "clients"), _acknowledgements, _counts);
    }

    /// <summary>The last client only prepares a round and finishes it.</summary>
    private async Task<Round> PlayAsync(Nemesis nemesis, RealClient[] clients, int kills, CancellationToken cancellationToken)
    {
        IReadOnlyList<ElementId> nodes = await clients[^1].CreateAsync(SharedNodes);
        var round = new Round(_rounds.Count + 1, nodes, options.OperationsPerKeyMax);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long began = Stopwatch.GetTimestamp();
        Task[] working = [.. clients[..^1].Select(client => Task.Run(() => client.WorkAsync(round, stop.Token), CancellationToken.None))];
        try
        {
            await nemesis.RecoveryAsync(began, "at the begin of a round", cancellationToken);
            for (int i = 0; i < kills; i++)
            {
                KillRecord kill = await nemesis.KillAsync(cancellationToken);
                _kills.Add(kill);
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"kill {_kills.Count} of {options.Kills}: node {kill.Node}, {kill.Disturbance}, no write acknowledged for {kill.Unavailability.TotalMilliseconds:0} ms"));
                if (Array.Find(working, static client => client.IsFaulted) is { } failed)
                {
                    await failed;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(working);
        }

        await clients[^1].FinishAsync(round);
        return round;
    }

    private void Judge(Round round, string folder)
    {
        long began = Stopwatch.GetTimestamp();
        var model = new GraphModel();
        var limits = new CheckLimits { IsTimeUp = () => Stopwatch.GetElapsedTime(began) > options.CheckLimit };
        HistoryVerdict<GraphState, GraphAction> verdict = new HistoryChecker<GraphState, GraphAction>(model, limits).Check(round.History.Operations());
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        _checkTime += took;
        _partitions += verdict.Partitions.Count;
        _rounds.Add(round);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"round {round.Number}: {verdict.Operations:N0} operations in {verdict.Partitions.Count} parts are {verdict.Verdict}, judged in {took.TotalSeconds:0.00} s"));
        if (verdict.Verdict != Verdict.Linearizable)
        {
            string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"round-{round.Number}.history"));
            File.WriteAllLines(file, round.History.Lines());
            string explanation = verdict.Broken?.Explanation is { } found ? ExplanationText.Write(found, model, "line") : $"the check took longer than {options.CheckLimit}";
            throw new ClusterFailureException($"round {round.Number} is {verdict.Verdict}; its history is {file}\n{explanation}");
        }
    }
}
