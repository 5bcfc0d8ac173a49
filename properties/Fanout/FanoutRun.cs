// One run of the fan-out scenario. Safety phase: writers write, some by forwarding; the script plays. Liveness phase: everything heals, writers must get through, then
// stop; every member and every read replica must come to the newest entry with the same digest, and every replica must be healthy again. Then all stop and leave nothing.

using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Fanout;

internal sealed class FanoutRun
{
    private const string ClusterId = "simulated";
    private const string StrangerName = "newer";
    private const int NodePort = 7000;
    private const int PublishPort = 9090;
    private const int ControlPort = 9091;
    private const int ForwardPort = 9092;
    private const int CentrePort = 9190;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly FanoutPlan _plan;
    private readonly FanoutChecker _checker;
    private readonly List<FanoutMember> _members = [];
    private readonly List<FanoutFollower> _followers = [];
    private readonly List<FanoutWriter> _writers = [];
    private readonly List<WriterHistory> _histories = [];
    private readonly FanoutStranger? _stranger;
    private FanoutFollower? _late;

    public FanoutRun(World world, IPlatform harness, FanoutPlan plan)
    {
        _world = world;
        _harness = harness;
        _plan = plan;
        _checker = new FanoutChecker(world);
        AddMembers();
        AddFollowers();
        AddWriters();
        _stranger = plan.Stranger
            ? new FanoutStranger(world.AddMachine(StrangerName, new MachineOptions()), new NetworkAddress(StrangerName, PublishPort), ClusterId, _followers)
            : null;
        Machines = [.. _members.Select(member => member.Machine), .. _followers.Select(follower => follower.Machine), .. _writers.Select(writer => writer.Machine)];
    }

    /// <summary>Members, then read replicas, then writers.</summary>
    public IReadOnlyList<Machine> Machines { get; }

    public bool IsReplica(Machine machine) => _followers.Exists(follower => follower.Machine == machine);

    /// <summary>Boots a machine that is off. What a writer of an earlier life sent stays in its history.</summary>
    public void Boot(Machine machine)
    {
        if (machine.IsOn)
        {
            return;
        }

        _members.Find(member => member.Machine == machine)?.Boot();
        _writers.Find(writer => writer.Machine == machine)?.Boot();
        FanoutFollower? follower = _followers.Find(candidate => candidate.Machine == machine);
        if (follower is not null && follower != _late)
        {
            follower.Boot();
        }
    }

    public async Task RunAsync()
    {
        Phase("safety");
        var faults = new TaskScope(_harness.Tasks, "faults");
        BootAll(faults);
        faults.Run("watch", WatchAsync);
        new FanoutFaults(_world, _harness, _plan, this, faults).Start();
        await _harness.Clock.DelayAsync(_plan.SafetyTime, CancellationToken.None);
        await faults.StopAsync(_plan.StopLimit * 2);

        Phase("liveness");
        Heal();
        await MakeProgressAsync();
        foreach (FanoutWriter writer in _writers)
        {
            await writer.Machine.StopAsync(_plan.StopLimit);
        }

        await ConvergeAsync();
        Phase("stop");
        foreach (Machine machine in Machines)
        {
            await machine.StopAsync(_plan.StopLimit);
        }

        await (_stranger?.Machine.StopAsync(_plan.StopLimit) ?? Task.CompletedTask);
    }

    private void BootAll(TaskScope scope)
    {
        _late = _plan.LateReplicaAt > TimeSpan.Zero ? _followers[^1] : null;
        _stranger?.Boot();
        foreach (Machine machine in Machines)
        {
            Boot(machine);
        }

        if (_late is { } late)
        {
            scope.Run("late-replica", async cancellationToken =>
            {
                await _harness.Clock.DelayAsync(_plan.LateReplicaAt, cancellationToken);
                _late = null;
                late.Boot();
            });
        }
    }

    /// <summary>What a publisher was told must be true: nobody claims to have applied what was dropped on its way.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _harness.Clock.DelayAsync(PollInterval, cancellationToken);
            foreach (FanoutMember member in _members)
            {
                foreach (ReplicaStanding standing in member.Publisher?.Status.Replicas ?? [])
                {
                    ulong applied = _followers.Find(follower => follower.Machine.Name == standing.Name)!.HighestIndex;
                    if (standing.AppliedIndex > applied)
                    {
                        _world.Fail(
                            ViolationClass.Safety,
                            "fanout.claimed-more-than-applied",
                            $"{standing.Name} told {member.Machine.Name} that it applied entry {standing.AppliedIndex}, and has applied {applied}");
                    }
                }
            }
        }
    }

    private void Heal()
    {
        _late = null;
        _world.ChancePointsHealed = true;
        _world.Network.FaultOptions = NetworkFaultOptions.None;
        _world.Network.HealAll();
        foreach (Machine machine in Machines)
        {
            machine.Resume();
            Boot(machine);
        }
    }

    private async Task MakeProgressAsync()
    {
        long[] before = [.. _histories.Select(history => history.Acknowledged)];
        await UntilAsync(
            () => Enumerable.Range(0, before.Length).All(i => _histories[i].Acknowledged >= before[i] + 2),
            "fanout.no-progress",
            () => $"a writer gets nothing acknowledged ({string.Join(", ", _histories.Select(history => history.Acknowledged))})");
    }

    private async Task ConvergeAsync()
    {
        await UntilAsync(
            () => _members.TrueForAll(member => member.State?.AppliedIndex >= _checker.Newest)
                && _followers.TrueForAll(follower => follower.AppliedIndex >= _checker.Newest),
            "fanout.no-convergence",
            () => $"entry {_checker.Newest} is applied, and not everywhere");
        await UntilAsync(
            () => _followers.TrueForAll(follower => follower.Replica?.Status.Health == ReplicaHealth.Healthy),
            "fanout.not-healthy",
            () => "a read replica that has everything is not healthy");
        await UntilAsync(
            () => _followers.TrueForAll(follower => follower.Answers.Count == _histories.Count && follower.Answers.All(answer => answer.At >= _checker.Newest)),
            "fanout.no-answer",
            () => "a read replica does not answer from the newest entry");
        foreach (FanoutFollower follower in _followers)
        {
            for (int i = 0; i < _histories.Count; i++)
            {
                _histories[i].Audit(follower.Machine.Name, follower.Answers[i].Value);
            }
        }
    }

    private async Task UntilAsync(Func<bool> condition, string check, Func<string> what)
    {
        TimeSpan deadline = _world.Now + _plan.LivenessLimit;
        while (!condition())
        {
            if (_world.Now > deadline)
            {
                string all = string.Join(" | ", [.. _members.Select(member => member.Describe()), .. _followers.Select(follower => follower.Describe())]);
                _world.Fail(ViolationClass.Liveness, check, $"{_plan.LivenessLimit.TotalSeconds:0} virtual seconds after everything healed, {what()}; {all}");
                return;
            }

            await _harness.Clock.DelayAsync(PollInterval, CancellationToken.None);
        }
    }

    private void AddMembers()
    {
        ImmutableSortedDictionary<NodeId, NetworkAddress> members = Enumerable.Range(1, _plan.Members)
            .ToImmutableSortedDictionary(number => new NodeId(number), number => new NetworkAddress($"n{number}", NodePort));
        foreach (KeyValuePair<NodeId, NetworkAddress> member in members)
        {
            string host = member.Value.Host;
            var options = new ReplicaOptions
            {
                Self = member.Key,
                Members = members,
                ClusterId = ClusterId,
                HeartbeatInterval = TimeSpan.FromMilliseconds(100),
                ElectionTimeout = TimeSpan.FromMilliseconds(500),
                FlushEntries = _plan.FlushEntries,
            };
            var publishing = new PublisherOptions
            {
                PublishAddress = new NetworkAddress(host, PublishPort),
                ControlAddress = new NetworkAddress(host, ControlPort),
                ForwardAddress = new NetworkAddress(host, ForwardPort),
                Cluster = Client(TimeSpan.FromSeconds(5)),
                DataCentres = _plan.OtherCentre ? [new NetworkAddress(ReplicaName(_plan.Replicas), CentrePort)] : [],
                BeatInterval = _plan.ReportInterval,
                Health = new HealthOptions
                {
                    LagMax = _plan.ReportInterval * 6,
                    IndexesBehindMax = _plan.IndexesBehindMax,
                    ReportLimit = _plan.ReportInterval * 3,
                    SilenceLimit = _plan.ReportInterval * 8,
                },
                HighWaterMark = _plan.Mark,
                QueueMax = _plan.QueueMax,
                CatchUpBytes = _plan.CatchUpBytes,
                ChunkBytes = _plan.ChunkBytes,
                TransfersMax = 1,
                TransferIdleLimit = TimeSpan.FromSeconds(3),
            };
            _members.Add(new FanoutMember(_world.AddMachine(host, new MachineOptions()), options, publishing, _checker));
        }
    }

    private void AddFollowers()
    {
        IEnumerable<string> publishers = Enumerable.Range(1, _plan.Members).Select(number => $"n{number}");
        ImmutableArray<FanoutSource> sources = [.. (_plan.Stranger ? publishers.Append(StrangerName) : publishers).Select(host =>
            new FanoutSource(new NetworkAddress(host, PublishPort), new NetworkAddress(host, ControlPort)))];
        for (int number = 1; number <= _plan.Replicas; number++)
        {
            string name = ReplicaName(number);
            var options = new ReadReplicaOptions
            {
                Name = name,
                Sources = sources,
                ClusterId = ClusterId,
                BindAddress = _plan.OtherCentre && number == _plan.Replicas ? new NetworkAddress(name, CentrePort) : null,
                ReportInterval = _plan.ReportInterval,
                RequestLimit = _plan.ReportInterval * 2,
                SilenceLimit = _plan.ReportInterval * 5,
                FlushEntries = _plan.FlushEntries,
                HighWaterMark = _plan.Mark,
                InboxMax = _plan.InboxMax,
                PendingEntriesMax = _plan.PendingMax,
            };
            _followers.Add(new FanoutFollower(_world, _world.AddMachine(name, new MachineOptions()), options, _checker, _histories));
        }
    }

    private void AddWriters()
    {
        ImmutableArray<ForwardingTarget> targets = [.. Enumerable.Range(1, _plan.Members).Select(number =>
            new ForwardingTarget(new NetworkAddress($"n{number}", ForwardPort), new NetworkAddress($"n{number}", ControlPort)))];
        for (int number = 1; number <= _plan.Forwarders; number++)
        {
            string name = $"f{number}";
            AddWriter(name, null, new ForwardingOptions { Name = name, Targets = targets, ReplyLimit = _plan.ReplyLimit });
        }

        for (int number = 1; number <= _plan.Writers; number++)
        {
            AddWriter($"c{number}", Client(TimeSpan.FromSeconds(10)), null);
        }
    }

    private void AddWriter(string name, ClientOptions? client, ForwardingOptions? forwarding)
    {
        var history = new WriterHistory(_world, name);
        _histories.Add(history);
        _writers.Add(new FanoutWriter(_world, _world.AddMachine(name, new MachineOptions()), _plan, client, forwarding, history));
    }

    private ClientOptions Client(TimeSpan operationLimit) => new()
    {
        Addresses = [.. Enumerable.Range(1, _plan.Members).Select(number => new NetworkAddress($"n{number}", NodePort))],
        ClusterId = ClusterId,
        RequestLimit = TimeSpan.FromSeconds(2),
        OperationLimit = operationLimit,
    };

    private static string ReplicaName(int number) => $"r{number}";

    private void Phase(string name) => _world.Trace.Emit(TraceKind.Phase, null, name.Length, 0, name);
}
