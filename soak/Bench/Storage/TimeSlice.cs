using System.Diagnostics;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>The time in which a contender shows what it can do.</summary>
internal sealed class TimeSlice(TimeSpan length, CancellationToken abort)
{
    private readonly long _end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);

    public bool Goes => Stopwatch.GetTimestamp() < _end && !abort.IsCancellationRequested;
}
