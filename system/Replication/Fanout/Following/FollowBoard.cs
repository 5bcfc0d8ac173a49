using SimGraph.Replication.Fanout.Health;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>The loop writes, anybody reads. Thread-safe.</summary>
internal sealed class FollowBoard
{
    private readonly object _gate = new();
    private ReadReplicaStatus _status = new();

    /// <summary>What was dropped.</summary>
    public FanoutCounters Counters { get; } = new();

    /// <summary>What the replica looks like.</summary>
    public ReadReplicaStatus Read()
    {
        lock (_gate)
        {
            return _status with { Malformed = Counters.MalformedCount };
        }
    }

    public void Show(LogPosition applied, ulong known)
    {
        lock (_gate)
        {
            if (_status.Applied != applied || _status.Known != known)
            {
                _status = _status with { Applied = applied, Known = known };
            }
        }
    }

    public void ShowHealth(ReplicaHealth health)
    {
        lock (_gate)
        {
            if (_status.Health != health)
            {
                _status = _status with { Health = health };
            }
        }
    }

    public void ShowSource(NetworkAddress source, int links)
    {
        lock (_gate)
        {
            _status = _status with { Source = source, SourceChanges = links - 1, Health = ReplicaHealth.None };
        }
    }

    public void Gap()
    {
        lock (_gate)
        {
            _status = _status with { Gaps = _status.Gaps + 1 };
        }
    }

    public void Repeated()
    {
        lock (_gate)
        {
            _status = _status with { Repeated = _status.Repeated + 1 };
        }
    }
}
