// A disk has moods: its flushes are several times faster in one minute than in the next. So the contenders take turns, a slice of time each, in
// every round, each round begins with another of them, and the median of the rounds is told. The first round only warms up.

using System.Diagnostics;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Measures contenders side by side.</summary>
internal sealed class InterleavedRunner(int rounds, TimeSpan slice, CancellationToken abort)
{
    private readonly TimeSpan _warmUp = TimeSpan.FromSeconds(Math.Min(0.5, slice.TotalSeconds));

    /// <summary>Measures each contender's <paramref name="work"/>: it works as long as its slice goes and says how many operations it did.</summary>
    public async Task<IReadOnlyList<MeasuredRate>> MeasureAsync<T>(
        IReadOnlyList<T> contenders, Func<T, string> name, Func<T, TimeSlice, Task<long>> work)
    {
        var samples = contenders.Select(_ => new List<(double, double)>()).ToArray();
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                int turn = (i + round) % contenders.Count;
                (double, double) sample = await MeasureOnceAsync(contenders[turn], round == 0 ? _warmUp : slice, work);
                abort.ThrowIfCancellationRequested();
                if (round > 0)
                {
                    samples[turn].Add(sample);
                }
            }
        }

        return [.. contenders.Select((contender, i) => MeasuredRate.Of(name(contender), samples[i]))];
    }

    private async Task<(double PerSecond, double BytesPerOperation)> MeasureOnceAsync<T>(T contender, TimeSpan length, Func<T, TimeSlice, Task<long>> work)
    {
        // The garbage of one is not to be collected on the time of another.
        GC.Collect();
        long allocated = GC.GetTotalAllocatedBytes();
        long begun = Stopwatch.GetTimestamp();
        long operations = await work(contender, new TimeSlice(length, abort));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return (operations / seconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)Math.Max(1, operations));
    }
}
