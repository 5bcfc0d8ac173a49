// The member table between the tasks of the service: one lock, and a bounded queue of events to one task that calls the observer.

using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>The members, thread-safe.</summary>
internal sealed class MemberBoard(MemberTable table, TimeProvider clock, int eventsMax)
{
    private readonly object _gate = new();
    private readonly Queue<MemberEvent> _events = new();
    private readonly AsyncSignal _changed = new();
    private bool _overflowed;

    /// <summary>What this node says of itself.</summary>
    public MemberRecord Own
    {
        get
        {
            lock (_gate)
            {
                return table.Own;
            }
        }
    }

    /// <summary>Everybody, as of now.</summary>
    public MemberSnapshot Snapshot()
    {
        lock (_gate)
        {
            return table.Snapshot(clock.Elapsed());
        }
    }

    public void UpdateSelf(MemberRole role, ulong term, int priority)
    {
        lock (_gate)
        {
            table.UpdateSelf(role, term, priority);
            Collect();
        }

        _changed.Set();
    }

    public bool Forget(NodeId node)
    {
        bool known;
        lock (_gate)
        {
            known = table.Forget(node);
            Collect();
        }

        _changed.Set();
        return known;
    }

    public void Tick()
    {
        lock (_gate)
        {
            table.Tick(clock.Elapsed());
            Collect();
        }

        _changed.Set();
    }

    /// <summary>Somebody asks: what is to be told.</summary>
    public DiscoveryAnswer Answer(in DiscoveryRequest request)
    {
        DiscoveryAnswer answer;
        lock (_gate)
        {
            TimeSpan now = clock.Elapsed();
            Admission admission = request.Announced is { } announced ? table.HearAnnouncement(announced, now) : default;
            IReadOnlyList<MemberRecord> others = request.WantsList ? table.ToTell(request.Announced?.Node, now) : [];
            answer = new DiscoveryAnswer(
                DiscoveryRequest.CurrentVersion, (DiscoveryVerdict)admission.Verdict, admission.KnownEpoch, admission.Reason ?? string.Empty, table.Own, others);
            Collect();
        }

        _changed.Set();
        return answer;
    }

    /// <summary>Somebody answered a question that was asked at that moment.</summary>
    public void Take(in DiscoveryAnswer answer, TimeSpan askedAt)
    {
        lock (_gate)
        {
            TimeSpan now = clock.Elapsed();
            table.HearRefusal(new Admission((AdmissionVerdict)answer.Verdict, answer.KnownEpoch, answer.Reason));

            // Who is refused is not believed about others either.
            if (table.HearAnswer(answer.Own!, askedAt, now).IsWelcome)
            {
                foreach (MemberRecord other in answer.Others)
                {
                    table.HearHearsay(other, now);
                }
            }

            Collect();
        }

        _changed.Set();
    }

    /// <summary>Why this node is refused by others; null as long as it is not.</summary>
    public string? FencedBecause
    {
        get
        {
            lock (_gate)
            {
                return table.FencedBecause;
            }
        }
    }

    /// <summary>Everybody else, for the heartbeats.</summary>
    public IReadOnlyList<MemberRecord> ToProbe()
    {
        lock (_gate)
        {
            return table.ToProbe();
        }
    }

    /// <summary>What is known of another member; null if nothing is.</summary>
    public MemberRecord? Find(NodeId node)
    {
        lock (_gate)
        {
            return table.Find(node);
        }
    }

    /// <summary>Waits until there may be an event.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _changed.WaitAsync(cancellationToken);

    /// <summary>The oldest event that waits; null if none does.</summary>
    public MemberEvent? TakeEvent()
    {
        lock (_gate)
        {
            if (_events.TryDequeue(out MemberEvent? change))
            {
                return change;
            }

            bool overflowed = _overflowed;
            _overflowed = false;
            return overflowed ? new MemberEvent(MemberEventKind.Overflow, table.Own) : null;
        }
    }

    private void Collect()
    {
        foreach (MemberEvent change in table.TakeEvents())
        {
            // Once one is missing, those behind it would tell a wrong story: the observer looks at the whole instead.
            _overflowed |= _events.Count >= eventsMax;
            if (!_overflowed)
            {
                _events.Enqueue(change);
            }
        }
    }
}
