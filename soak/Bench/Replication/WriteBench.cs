// Closed loops: each client writes again as soon as its write is acknowledged. The contenders take turns as in the storage benchmark; all of them stay open meanwhile, idle but for their signs of life.

using System.Diagnostics;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>Measures acknowledged writes of clusters.</summary>
internal sealed class WriteBench(int rounds, TimeSpan slice, CancellationToken abort)
{
    public const int PayloadBytes = 1024;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures all of them with so many clients.</summary>
    public async Task<IReadOnlyList<WriteRate>> MeasureAsync(IReadOnlyList<(string Name, IMeasuredCluster Cluster)> contenders, int clients)
    {
        byte[] payload = new byte[PayloadBytes];
        new Random(1).NextBytes(payload);
        Func<byte[], Task>[][] writers = [.. contenders.Select(contender => Enumerable.Range(0, clients).Select(_ => contender.Cluster.Connect()).ToArray())];
        var rates = contenders.Select(static _ => new List<double>()).ToArray();
        var latencies = contenders.Select(static _ => new List<TimeSpan>()).ToArray();
        var processor = new TimeSpan[contenders.Count];
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                int turn = (i + round) % contenders.Count;
                (double perSecond, List<TimeSpan> times, TimeSpan cpu) = await MeasureOnceAsync(writers[turn], payload, round == 0 && WarmUp < slice ? WarmUp : slice);
                abort.ThrowIfCancellationRequested();
                if (round > 0)
                {
                    rates[turn].Add(perSecond);
                    latencies[turn].AddRange(times);
                    processor[turn] += cpu;
                }
            }
        }

        return [.. contenders.Select((contender, i) => new WriteRate(contender.Name, clients, rates[i], [.. latencies[i].Order()], processor[i] / Math.Max(1, latencies[i].Count)))];
    }

    private static async Task<(double PerSecond, List<TimeSpan> Latencies, TimeSpan Cpu)> MeasureOnceAsync(Func<byte[], Task>[] writers, byte[] payload, TimeSpan length)
    {
        // The garbage of one is not to be collected on the time of another.
        GC.Collect();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        List<TimeSpan>[] times = await Task.WhenAll(writers.Select(write => Task.Run(() => WriteAsync(write, payload, begun, length))));
        List<TimeSpan> all = [.. times.SelectMany(static own => own)];
        return (all.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, all, Environment.CpuUsage.TotalTime - before);
    }

    private static async Task<List<TimeSpan>> WriteAsync(Func<byte[], Task> write, byte[] payload, long begun, TimeSpan length)
    {
        var times = new List<TimeSpan>();
        while (Stopwatch.GetElapsedTime(begun) < length)
        {
            long sent = Stopwatch.GetTimestamp();
            await write(payload);
            times.Add(Stopwatch.GetElapsedTime(sent));
        }

        return times;
    }
}
