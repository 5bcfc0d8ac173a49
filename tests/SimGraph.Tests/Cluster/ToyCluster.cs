// A whole cluster of consensus cores in plain synchronous code, driven by one seeded stream: messages are late, lost, repeated and reordered, links are
// cut, nodes crash between any two stages of a Ready and come back with what was persisted. Everything is checked after every step.

using System.Buffers.Binary;
using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Cluster;

internal sealed class ToyCluster
{
    private readonly Random _random;
    private readonly CountingProbes _probes;
    private readonly ToyNode[] _nodes;
    private readonly ConsensusOptions[] _options;
    private readonly ProtocolChecker _checker;
    private readonly ToyNetwork _network;

    // Each schedule draws its own intensities, so that some are rough, some are calm, and some lack a kind of fault altogether.
    private readonly int[] _weights;
    private readonly int[] _speed;
    private readonly ToyClocks? _clocks;
    private readonly double[] _rates;
    private readonly bool[] _tickDue;
    private ulong _payloads;
    private ulong _contexts;

    /// <param name="seed">Everything follows from it.</param>
    /// <param name="clocks">How far apart the clocks run, in a schedule with leases; null for clocks that run as they like, without leases.</param>
    public ToyCluster(int seed, ToyClocks? clocks = null)
    {
        _random = new Random(seed);
        _clocks = clocks;
        _probes = new CountingProbes(() => _random.Next(8) == 0);
        int founders = 1 + (seed % 7);

        // Those who never belonged to the cluster wait to be added.
        int size = founders + 2;
        _nodes = new ToyNode[size];
        _options = new ConsensusOptions[size];
        _rates = new double[size];
        _tickDue = new bool[size];
        ImmutableArray<NodeId> ids = [.. Enumerable.Range(1, size).Select(i => new NodeId(i))];
        bool prioritised = _random.Next(3) == 0;
        Membership members = new(ids.Take(founders).Select(id => new Member(id, $"n{id}", (byte)(prioritised ? _random.Next(3) : 0))), []);
        ConsensusOptions shape = new()
        {
            Self = ids[0],
            Members = members,
            LeaseDriftBound = clocks?.Bound,
            ElectionTimeoutTicks = clocks is null ? 3 + _random.Next(4) : 6 + _random.Next(10),
            HeartbeatTicks = 1 + _random.Next(2),
            AppendEntriesMax = 1 + _random.Next(6),
            AppendBytesMax = 8 + _random.Next(64),
            InflightAppendsMax = 1 + _random.Next(4),
            UncommittedBytesMax = 300 + _random.Next(3000),
            PendingReadsMax = 1 + _random.Next(8),
        };
        _checker = new ProtocolChecker(_nodes);
        for (int i = 0; i < size; i++)
        {
            _nodes[i] = new ToyNode(ids[i]);
            _options[i] = shape with { Self = ids[i], Members = i < founders ? members : Membership.Empty };
            _rates[i] = clocks is null ? 0 : 1 + (clocks.Spread * _random.NextDouble());
            Start(i);
        }

        _network = new ToyNetwork(_random, _nodes, _checker, new ToyNetworkFaults(Pick(0, 0.02, 0.1, 0.3), Pick(0, 0.05, 0.2), Pick(0, 0.1, 0.5, 1)));
        int crash = (int)Pick(0, 1, 3, 10);
        _weights =
        [
            (int)Pick(10, 30, 100) * size, 200, 100 * size, (int)Pick(5, 15, 50), (int)Pick(5, 20), crash, crash * 20, (int)Pick(0, 5, 20),
            (int)Pick(0, 5, 20), clocks is null ? (int)Pick(0, 10, 40) : (int)Pick(0, 1, 4), (int)Pick(0, 5, 20), (int)Pick(0, 0, 5, 15), clocks is null ? 0 : 100,
        ];
        _speed = new int[size];
        Repace();
    }

    public CountingProbes Probes => _probes;

    public ProtocolChecker Checker => _checker;

    /// <summary>So many random steps with faults.</summary>
    public void RunWithFaults(int steps)
    {
        int total = _weights.Sum();
        for (int i = 0; i < steps; i++)
        {
            int draw = _random.Next(total);
            int action = 0;
            while (draw >= _weights[action])
            {
                draw -= _weights[action++];
            }

            Act(action, _random.Next(_nodes.Length));
        }
    }

    /// <summary>The faults end: within a bounded number of rounds there is a leader, a write and a read succeed, and all nodes have applied the same.</summary>
    public void RunUntilHealed(int roundsMax)
    {
        _network.Mend();
        for (int i = 0; i < _nodes.Length; i++)
        {
            if (_nodes[i].Core is null)
            {
                Start(i);
            }
        }

        LogPosition? written = null;
        int confirmedBefore = 0;
        for (int round = 0; round < roundsMax; round++)
        {
            for (int i = 0; i < _nodes.Length; i++)
            {
                _nodes[i].Clock++;
                _nodes[i].ShowClock();
                Tick(i);
            }

            Drain();
            ToyNode? leader = _nodes.Where(n => n.Core!.Role == ConsensusRole.Leader).MaxBy(n => n.Core!.Term);
            if (leader is not null && written is { } position && _checker.CommittedIndex >= position.Index && _checker.ReadsConfirmed > confirmedBefore)
            {
                if (_checker.Committed(position.Index).Term != position.Term)
                {
                    written = null;
                }
                else if (Array.TrueForAll(_nodes, n => n.AppliedIndex == _checker.CommittedIndex || !leader.Core!.Membership.Contains(n.Id)))
                {
                    return;
                }
            }
            else if (leader is not null && (written is null || written.Value.Term != leader.Core!.Term))
            {
                confirmedBefore = _checker.ReadsConfirmed;
                written = Propose(leader);
                Read(leader);
            }
        }

        throw new ProtocolViolationException(
            $"no progress within {roundsMax} rounds after the faults ended: committed {_checker.CommittedIndex}, " +
            string.Join(", ", _nodes.Select(n => $"{n.Id}: {n.Core!.Role} term {n.Core.Term} commit {n.Core.CommitIndex} last {n.Core.Last.Index} applied {n.AppliedIndex} {n.Core.Membership}")));
    }

    private void Act(int action, int target)
    {
        ToyNode node = _nodes[target];
        switch (action)
        {
            case 0 when _clocks is not null:
                PassTime();
                break;
            case 0 when _random.Next(4) < _speed[target]:
                Tick(target);
                break;
            case 1:
                for (int i = _random.Next(2 * _nodes.Length); i >= 0; i--)
                {
                    _network.DeliverOne();
                }

                break;
            case 2:
                WorkSomewhere(target);
                break;
            case 3 when PreferLeader(node) is { Core: not null } proposer:
                Propose(proposer);
                break;
            case 4 when PreferLeader(node) is { Core: not null } reader:
                Read(reader);
                break;
            case 5 when (_random.Next(2) == 0 ? node : PreferLeader(node)) is { Core: not null } victim:
                Crash(victim);
                break;
            case 6 when node.Core is null:
                Start(target);
                break;
            case 7:
                _network.Recut(() => PreferLeader(_nodes[_random.Next(_nodes.Length)]));
                Repace();
                break;
            case 8 when node.Core is not null && node.Taken is null && node.AppliedIndex > node.Snapshot.Index:
                node.TakeSnapshot(_checker.Committed(node.AppliedIndex).Term, (ulong)_random.Next(4));
                break;
            case 9 when _clocks is not null:
                Depose(PreferLeader(node));
                break;
            case 9:
                Usurp(target);
                break;
            case 10 when PreferLeader(node) is { Core: not null } leader:
                ChangeMembership(leader, target);
                break;
            case 11 when PreferLeader(node) is { Core: not null } leader:
                leader.Core.TryTransferLeadership(node.Id);
                _checker.OnStep(leader);
                break;
            case 12:
                LeaseReads();
                break;
            default:
                break;
        }
    }

    /// <summary>The first node from the given one on that believes to lead, deposed or not; else the given one.</summary>
    private ToyNode PreferLeader(ToyNode node)
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            ToyNode other = _nodes[(node.Id.Value + i) % _nodes.Length];
            if (other.Core is { Role: ConsensusRole.Leader })
            {
                return other;
            }
        }

        return node;
    }

    private void Start(int target)
    {
        _nodes[target].Start(_options[target], new Random(_random.Next()), _probes);
        _checker.OnStep(_nodes[target]);
    }

    private void Tick(int target)
    {
        if (_nodes[target].Core is { } core)
        {
            core.Tick();
            _checker.OnStep(_nodes[target]);
        }
    }

    private LogPosition? Propose(ToyNode node)
    {
        byte[] payload = new byte[8 + _random.Next(24)];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, ++_payloads);
        bool accepted = node.Core!.TryPropose(LogEntryKind.Command, payload, out LogPosition position);
        _checker.OnStep(node);
        return accepted ? position : null;
    }

    private void Read(ToyNode node)
    {
        if (node.Core!.TryRequestRead(++_contexts))
        {
            node.PendingReads.Add(_contexts, _checker.CommittedIndex);
        }
    }

    private void ChangeMembership(ToyNode leader, int target)
    {
        NodeId id = _nodes[target].Id;
        Membership now = leader.Core!.Membership;
        MembershipChange change = !now.Contains(id) ? MembershipChange.Add(new Member(id, $"n{id}", (byte)_random.Next(2)))
            : now.IsVoter(id) ? MembershipChange.Remove(id)
            : _random.Next(8) == 0 ? MembershipChange.Remove(id) : MembershipChange.Promote(id);
        leader.Core.TryChangeMembership(change, out _);
        _checker.OnStep(leader);
    }

    /// <summary>Everyone that believes to lead is asked, deposed or not.</summary>
    private void LeaseReads()
    {
        foreach (ToyNode node in _nodes)
        {
            node.ShowClock();
            if (node.Core is { Role: ConsensusRole.Leader } core && core.TryLeaseRead(out ulong index))
            {
                _checker.OnLeaseRead(node, index);
            }
        }
    }

    /// <summary>A fifth of a tick passes on every clock, each at its own rate; a node takes the tick that is due now or, as one that is busy, later.</summary>
    private void PassTime()
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            ToyNode node = _nodes[i];
            double before = node.Clock;
            node.Clock += 0.2 * _rates[i];
            _tickDue[i] |= Math.Floor(node.Clock) > Math.Floor(before);
            if (_tickDue[i] && _random.Next(4) < _speed[i])
            {
                _tickDue[i] = false;
                node.ShowClock();
                Tick(i);
            }
        }
    }

    private void WorkSomewhere(int first)
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            ToyNode node = _nodes[(first + i) % _nodes.Length];
            if (node.Stage != 0 || node.Core is { HasReady: true })
            {
                // Mostly all of it at once, so that the schedule gets somewhere; now and then one stage, so that anything can come between two.
                do
                {
                    Work(node);
                }
                while (node.Stage != 0 && _random.Next(8) != 0);
                return;
            }
        }
    }

    /// <summary>Carries the work of a node one stage further.</summary>
    private void Work(ToyNode node)
    {
        switch (node.Stage)
        {
            case 0 when node.Core is { HasReady: true }:
                ulong lastBefore = node.Handed.Count > 0 ? node.Handed[^1].Index : Math.Max(node.CompactedTo, node.Snapshot.Index);
                node.Take();
                _checker.OnTaken(node, lastBefore);
                break;
            case 1:
                node.Persist();
                node.Stage = 2;
                break;
            case 2:
                _network.Send(node, int.MaxValue);
                node.Stage = 3;
                break;
            case 3:
                _checker.OnApply(node);
                node.Finish();
                _checker.OnStep(node);
                if (!node.Core!.HasReady)
                {
                    ProtocolChecker.OnIdle(node);
                }

                break;
            default:
                break;
        }
    }

    private void Crash(ToyNode node)
    {
        if (node.Stage == 1)
        {
            node.Persist(_random.Next(6));
        }
        else if (node.Stage == 2)
        {
            _network.Send(node, _random.Next(4));
        }

        node.Crash();
    }

    /// <summary>Silence for an election timeout, in which half of what is under way is lost; then one node campaigns while an old leader still believes to lead.</summary>
    private void Usurp(int usurper)
    {
        _network.LoseHalf();
        for (int tick = 0; tick < 2 * _options[usurper].ElectionTimeoutTicks; tick++)
        {
            for (int i = 0; i < _nodes.Length; i++)
            {
                bool waits = _nodes[i].Core is { Role: ConsensusRole.Follower };
                if (waits && (tick < _options[i].ElectionTimeoutTicks || i == usurper))
                {
                    Tick(i);
                }
            }
        }
    }

    /// <summary>A leader is cut off, and all else works well, for about as long as the others need to elect another one and to commit something.</summary>
    private void Depose(ToyNode leader)
    {
        _network.Isolate(leader);
        Array.Fill(_speed, 4);
        for (int i = 0; i < 10 * _options[0].ElectionTimeoutTicks; i++)
        {
            PassTime();
            for (int j = 0; j < 2 * _nodes.Length; j++)
            {
                _network.DeliverOne();
                WorkSomewhere(j % _nodes.Length);
            }

            if (i % 10 == 0 && Array.Find(_nodes, node => node != leader && node.Core is { Role: ConsensusRole.Leader }) is { } usurper)
            {
                Propose(usurper);
            }

            LeaseReads();
        }
    }

    /// <summary>Lets the clocks of the nodes run at different speeds, or stand still.</summary>
    private void Repace()
    {
        for (int i = 0; i < _speed.Length; i++)
        {
            _speed[i] = (int)Pick(0, 1, 4, 4, 4);
        }
    }

    private void Drain()
    {
        for (int i = 0; i < 10_000; i++)
        {
            bool worked = false;
            foreach (ToyNode node in _nodes)
            {
                worked |= node.Stage != 0 || node.Core!.HasReady;
                Work(node);
            }

            if (!_network.DeliverNext() && !worked)
            {
                return;
            }
        }

        throw new ProtocolViolationException("messages go round without end");
    }

    private double Pick(params double[] values) => values[_random.Next(values.Length)];
}
