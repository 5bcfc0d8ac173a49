// One run of the cluster scenario. Safety phase: clients work while the script plays; every checker watches. Liveness phase: everything heals, every node is up, and
// within a stated virtual time each client's write must commit and all replicas must be equal. Then every client and node is stopped, and must leave nothing.

using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Properties.Cluster.Faults;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Properties.Cluster.Workload;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Cluster;

internal sealed class ClusterRun
{
    private const ulong FlushSlackEntries = 64;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly ClusterPlan _plan;
    private readonly ClusterUnderTest _cluster;
    private readonly WorkloadHistory _history;
    private readonly List<(Machine Machine, ClientWorkload Workload)> _clients = [];

    public ClusterRun(World world, IPlatform harness, ClusterPlan plan)
    {
        _world = world;
        _harness = harness;
        _plan = plan;
        _cluster = new ClusterUnderTest(world, harness, plan);
        _history = new WorkloadHistory(world, plan.Counters, plan.Clients);
        _cluster.Commits.FirstCommitted = _history.Clients.Committed;
    }

    /// <summary>What the clients asked and were told so far.</summary>
    public ClientHistory History => _history.Clients;

    public async Task RunAsync()
    {
        var faults = new TaskScope(_harness.Tasks, "faults");
        var injector = new FaultInjector(_world, _harness, _plan, _cluster, faults);
        Phase("safety");
        BootNodes(faults);
        BootClients();
        injector.Start();
        ClusterOperator? administration = BootOperator();
        await _harness.Clock.DelayAsync(_plan.SafetyTime, CancellationToken.None);
        await injector.StopAsync();
        if (administration is not null)
        {
            await administration.Machine.StopAsync(_plan.StopLimit);
        }

        Phase("liveness");
        injector.HealAll();
        RestartNodes();
        await MakeProgressAsync();
        await StopClientsAsync();
        await PromoteLearnersAsync(administration);
        await ConvergeAsync();
        await FlushStatesAsync();
        HistoryJudge.Judge(_world, _history.Clients);
        _history.Accepted.Audit(_cluster.Commits.Newest);

        Phase("stop");
        await StopNodesAsync();
    }

    private void BootNodes(TaskScope scope)
    {
        ClusterNode? late = _plan.LateJoinAt > TimeSpan.Zero ? _cluster.Founders[^1] : null;
        foreach (ClusterNode node in _cluster.Founders)
        {
            if (node != late)
            {
                node.Boot();
            }
        }

        if (late is not null)
        {
            late.IsHeldDown = true;
            scope.Run("late-join", async cancellationToken =>
            {
                await _harness.Clock.DelayAsync(_plan.LateJoinAt, cancellationToken);
                late.IsHeldDown = late.IsGone;
            });
        }
    }

    private ClusterOperator? BootOperator()
    {
        if (_plan.Changes.Count == 0)
        {
            return null;
        }

        var administration = new ClusterOperator(_world, _world.AddMachine("op", new MachineOptions()), _plan, _cluster);
        administration.Machine.Boot(administration.RunAsync);
        return administration;
    }

    private void BootClients()
    {
        for (int number = 0; number < _plan.Clients; number++)
        {
            Machine machine = _world.AddMachine($"c{number + 1}", new MachineOptions());
            int readPercent = number >= _plan.Clients - _plan.Readers ? 100 : _plan.ReadPercent;
            var options = new WorkloadOptions(_cluster.Client, _plan.OperationLimit, _plan.ThinkTimeMax, readPercent, _plan.LeaseReadPercent, _plan.OperationsMax, _plan.Acknowledgements);
            var workload = new ClientWorkload(_world, machine, number, options, _history);
            machine.Boot(workload.RunAsync);
            _clients.Add((machine, workload));
        }
    }

    private void RestartNodes()
    {
        foreach (ClusterNode node in _cluster.Nodes)
        {
            if (!node.Machine.IsOn)
            {
                node.Boot();
            }
        }
    }

    /// <summary>Every client must get some more operations through.</summary>
    private async Task MakeProgressAsync()
    {
        _clients.ForEach(static client => client.Workload.GoOn());
        long[] before = [.. _clients.Select(client => client.Workload.Acknowledged)];
        TimeSpan deadline = _world.Now + _plan.LivenessLimit;
        while (Enumerable.Range(0, _clients.Count).Any(i => _clients[i].Workload.Acknowledged < before[i] + 2))
        {
            if (_world.Now > deadline)
            {
                int stuck = Enumerable.Range(0, _clients.Count).First(i => _clients[i].Workload.Acknowledged < before[i] + 2);
                Stuck("liveness.no-progress", $"client {stuck + 1} gets nothing acknowledged");
                return;
            }

            RestartNodes();
            await _harness.Clock.DelayAsync(PollInterval, CancellationToken.None);
        }
    }

    /// <summary>Whoever was added must catch up and get its vote, once nobody writes: with a log as short as some runs have it, writers may be faster than states are sent.</summary>
    private async Task PromoteLearnersAsync(ClusterOperator? administration)
    {
        if (administration is null)
        {
            return;
        }

        administration.Machine.Boot(administration.PromoteAllAsync);
        await UntilAsync(() => !administration.Machine.IsOn, "liveness.not-promoted", () => $"a learner has no vote; the operator was told last: {administration.LastRefusal}");
    }

    private async Task StopClientsAsync()
    {
        foreach ((Machine machine, _) in _clients)
        {
            await machine.StopAsync(_plan.StopLimit);
        }
    }

    /// <summary>Every member must apply everything that is committed, and then be in the same, sound state.</summary>
    private async Task ConvergeAsync()
    {
        await UntilAsync(
            () => _cluster.Members.All(node => node.State is { } state && state.AppliedIndex >= _cluster.Commits.Newest),
            "liveness.no-convergence",
            () => $"entry {_cluster.Commits.Newest} is committed, and not applied everywhere");
        await InspectAsync();
    }

    /// <summary>A state that is never brought into tables keeps its whole log for ever. Operators learn of it by the node's status, which is therefore looked at too.</summary>
    private async Task FlushStatesAsync()
    {
        ulong entriesMost = (2 * (ulong)_plan.FlushEntries) + FlushSlackEntries;
        await UntilAsync(
            () => _cluster.Members.All(node => node.Replica is { } replica && replica.Status is var status && status.AppliedIndex >= _cluster.Commits.Newest && status.WaitingRequests == 0 && status.AppliedIndex <= status.Durable.Index + entriesMost),
            "liveness.never-flushed",
            () => $"a node says that it has not applied everything, or that somebody waits, or holds more than {entriesMost} entries that are not in tables");
    }

    /// <summary>Each node reads its whole state and proves its digest from it; one of them is compared with what clients were told.</summary>
    private async Task InspectAsync()
    {
        ClusterNode[] members = [.. _cluster.Members];
        foreach (ClusterNode node in members)
        {
            node.Inspect(async (state, cancellationToken) =>
            {
                GraphVerification verification = await state.VerifyAsync(cancellationToken);
                if (!verification.IsSound)
                {
                    _world.Fail(ViolationClass.Safety, "graph.unsound", $"node {node.Id.Value}: {string.Join("; ", verification.Problems)}");
                }

                if (node == members[0])
                {
                    await _history.AuditAsync(state.Graph, cancellationToken);
                }
            });
        }

        await UntilAsync(() => members.All(static node => node.IsInspected), "liveness.no-inspection", static () => "a node does not get through its own state");
    }

    private async Task StopNodesAsync()
    {
        foreach (ClusterNode node in _cluster.Nodes)
        {
            if (node.Machine.IsOn)
            {
                await node.StopAsync(_plan.StopLimit);
            }
        }
    }

    private async Task UntilAsync(Func<bool> holds, string check, Func<string> what)
    {
        TimeSpan deadline = _world.Now + _plan.LivenessLimit;
        while (!holds())
        {
            if (_world.Now > deadline)
            {
                Stuck(check, what());
                return;
            }

            RestartNodes();
            await _harness.Clock.DelayAsync(PollInterval, CancellationToken.None);
        }
    }

    private void Phase(string name) => _world.Trace.Emit(TraceKind.Phase, null, name.Length, 0, name);

    private void Stuck(string check, string what) =>
        _world.Fail(ViolationClass.Liveness, check, $"{_plan.LivenessLimit.TotalSeconds:0} virtual seconds after everything healed, {what}; {_cluster.Describe()}");
}
