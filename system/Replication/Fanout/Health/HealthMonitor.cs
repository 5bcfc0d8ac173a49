// Judges read replicas by what they report and when, on the publisher's monotonic clock alone, so that no other clock matters. Differences of indexes are taken
// only where they cannot be negative: a replica that follows another member may well be ahead of this one, and is then not behind by 2^64 entries. A replica
// is known from its first report on, which counts as heard just now: there is no time before it that could make it late.
//
// A pure core: no task, no socket. Concurrency model: one lock; no call-out under it.

namespace SimGraph.Replication.Fanout.Health;

/// <summary>The standing of every read replica of a publisher. Thread-safe.</summary>
public sealed class HealthMonitor
{
    // One sample a beat: together they reach further back than any lag that matters.
    private const int SamplesMax = 64;

    private readonly object _gate = new();
    private readonly HealthOptions _options;
    private readonly SortedDictionary<string, Replica> _replicas = new(StringComparer.Ordinal);
    private readonly List<(ulong Index, TimeSpan At)> _samples = [];
    private ulong _last;

    /// <param name="options">Validated here.</param>
    public HealthMonitor(HealthOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>The publisher has applied so much by now.</summary>
    public void Published(ulong lastIndex, TimeSpan now)
    {
        lock (_gate)
        {
            if (lastIndex <= _last)
            {
                return;
            }

            _last = lastIndex;
            if (_samples.Count == SamplesMax)
            {
                _samples.RemoveAt(0);
            }

            _samples.Add((lastIndex, now));
        }
    }

    /// <summary>A replica has reported.</summary>
    /// <returns>Its standing before and after.</returns>
    public (ReplicaHealth Before, ReplicaStanding After) Heard(string name, ulong appliedIndex, TimeSpan now)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_gate)
        {
            if (!_replicas.TryGetValue(name, out Replica? replica))
            {
                MakeRoom();
                replica = new Replica { HeardAt = now };
                _replicas.Add(name, replica);
            }

            ReplicaHealth before = replica.IsNew ? ReplicaHealth.None : Judge(name, replica, now).Health;
            replica.IsNew = false;
            replica.HeardAt = now;
            replica.Applied = appliedIndex;
            return (before, Judge(name, replica, now));
        }
    }

    /// <summary>The standing of every replica now, by name.</summary>
    public IReadOnlyList<ReplicaStanding> Assess(TimeSpan now)
    {
        lock (_gate)
        {
            var standings = new List<ReplicaStanding>(_replicas.Count);
            foreach (KeyValuePair<string, Replica> replica in _replicas)
            {
                standings.Add(Judge(replica.Key, replica.Value, now));
            }

            return standings;
        }
    }

    private ReplicaStanding Judge(string name, Replica replica, TimeSpan now)
    {
        ulong behind = _last > replica.Applied ? _last - replica.Applied : 0;
        TimeSpan lag = behind > 0 ? now - FirstMissedAt(replica.Applied, now) : TimeSpan.Zero;
        TimeSpan silence = now - replica.HeardAt;
        ReplicaHealth health = silence >= _options.SilenceLimit ? ReplicaHealth.Unhealthy
            : silence > _options.ReportLimit || behind > _options.IndexesBehindMax || lag > _options.LagMax ? ReplicaHealth.Degraded
            : ReplicaHealth.Healthy;
        return new ReplicaStanding(name, health, replica.Applied, behind, lag, silence);
    }

    private TimeSpan FirstMissedAt(ulong applied, TimeSpan now)
    {
        foreach ((ulong index, TimeSpan at) in _samples)
        {
            if (index > applied)
            {
                return at;
            }
        }

        return now;
    }

    private void MakeRoom()
    {
        if (_replicas.Count < _options.ReplicasMax)
        {
            return;
        }

        string? oldest = null;
        foreach (KeyValuePair<string, Replica> replica in _replicas)
        {
            if (oldest is null || replica.Value.HeardAt < _replicas[oldest].HeardAt)
            {
                oldest = replica.Key;
            }
        }

        _replicas.Remove(oldest!);
    }

    private sealed class Replica
    {
        public bool IsNew { get; set; } = true;

        public TimeSpan HeardAt { get; set; }

        public ulong Applied { get; set; }
    }
}
