using System.Diagnostics;

namespace SimGraph.RealCluster.Work;

/// <summary>When writes were called and acknowledged, on one monotonic clock: what unavailability is measured by. Thread-safe.</summary>
internal sealed class Acknowledgements
{
    private readonly object _gate = new();
    private readonly List<(long CalledAt, long AcknowledgedAt)> _writes = [];

    /// <summary>A write ended.</summary>
    public void Add(long calledAt, long acknowledgedAt)
    {
        lock (_gate)
        {
            _writes.Add((calledAt, acknowledgedAt));
        }
    }

    /// <summary>Whether a write that began after a moment was acknowledged.</summary>
    public bool HasNewerThan(long moment)
    {
        lock (_gate)
        {
            return _writes.Exists(write => write.CalledAt > moment);
        }
    }

    /// <summary>
    /// The longest silence between two acknowledgements, from the last one before a moment to the first one of a write that began after it (answers that were on
    /// their way at the moment are no sign of life). Forgets all that.
    /// </summary>
    public TimeSpan TakeSilence(long moment)
    {
        lock (_gate)
        {
            _writes.Sort(static (left, right) => left.AcknowledgedAt.CompareTo(right.AcknowledgedAt));
            long last = moment;
            TimeSpan silence = TimeSpan.Zero;
            foreach ((long calledAt, long acknowledgedAt) in _writes)
            {
                if (acknowledgedAt > moment)
                {
                    TimeSpan pause = Stopwatch.GetElapsedTime(last, acknowledgedAt);
                    silence = pause > silence ? pause : silence;
                    if (calledAt > moment)
                    {
                        break;
                    }
                }

                last = acknowledgedAt;
            }

            _writes.Clear();
            return silence;
        }
    }
}
