// One run of the backup scenario. Safety phase: clients write while the cluster's script plays, and a machine takes backups, continues and follows them; its disk fails it, and it goes down at any
// moment. Liveness phase: everything heals, and the backup must come to the newest entry. Then each backup is restored to several indexes and compared with what the cluster's members had there.

using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Faults;
using SimGraph.Properties.Cluster.Workload;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Backup;

internal sealed class BackupRun
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly BackupPlan _plan;
    private readonly ClusterUnderTest _cluster;
    private readonly WorkloadHistory _history;
    private readonly List<(Machine Machine, ClientWorkload Workload)> _clients = [];
    private readonly BackupKeeper _keeper;

    public BackupRun(World world, IPlatform harness, BackupPlan plan)
    {
        _world = world;
        _harness = harness;
        _plan = plan;
        _cluster = new ClusterUnderTest(world, harness, plan.Cluster);
        _history = new WorkloadHistory(world, plan.Cluster.Counters, plan.Cluster.Clients);
        _cluster.Commits.FirstCommitted = _history.Clients.Committed;
        Machine machine = world.AddMachine("b", new MachineOptions { Disk = plan.Disk });
        _keeper = new BackupKeeper(world, machine, plan, _cluster.Client, _cluster.Commits);
    }

    public async Task RunAsync()
    {
        Phase("safety");
        var faults = new TaskScope(_harness.Tasks, "faults");
        var injector = new FaultInjector(_world, _harness, _plan.Cluster, _cluster, faults);
        BootAll();
        injector.Start();
        if (_plan.CrashPauseMax > TimeSpan.Zero)
        {
            faults.Run("crash-taker", CrashAsync);
        }

        await _harness.Clock.DelayAsync(_plan.Cluster.SafetyTime, CancellationToken.None);
        await injector.StopAsync();

        Phase("liveness");
        injector.HealAll();
        Heal();
        _clients.ForEach(static client => client.Workload.GoOn());
        long[] before = [.. _clients.Select(static client => client.Workload.Acknowledged)];
        await UntilAsync(() => HaveProgressed(before), "backup.no-writes", () => $"a client gets nothing acknowledged; {_cluster.Describe()}");
        foreach ((Machine client, _) in _clients)
        {
            await client.StopAsync(_plan.Cluster.StopLimit);
        }

        _keeper.IsEnding = true;
        await UntilAsync(IsCaughtUp, "backup.no-progress", () => $"the backup ends at {_keeper.End}, and {_cluster.Commits.Newest} is committed; {_cluster.Describe()}");
        await _keeper.Machine.StopAsync(_plan.Cluster.StopLimit);

        Phase("restore");
        var restorer = new BackupRestorer(_world, _keeper, _plan, _cluster.Commits);
        _keeper.Machine.Boot(restorer.RunAsync);
        await UntilAsync(() => restorer.IsDone, "backup.restore-stuck", () => "the restores do not end");

        Phase("stop");
        foreach (ClusterNode node in _cluster.Nodes)
        {
            if (node.Machine.IsOn)
            {
                await node.StopAsync(_plan.Cluster.StopLimit);
            }
        }
    }

    private void BootAll()
    {
        foreach (ClusterNode node in _cluster.Founders)
        {
            node.Boot();
        }

        for (int number = 0; number < _plan.Cluster.Clients; number++)
        {
            Machine machine = _world.AddMachine($"c{number + 1}", new MachineOptions());
            var options = new WorkloadOptions(
                _cluster.Client, _plan.Cluster.OperationLimit, _plan.Cluster.ThinkTimeMax, _plan.Cluster.ReadPercent, _plan.Cluster.LeaseReadPercent,
                _plan.Cluster.OperationsMax, _plan.Cluster.Acknowledgements);
            var workload = new ClientWorkload(_world, machine, number, options, _history);
            machine.Boot(workload.RunAsync);
            _clients.Add((machine, workload));
        }

        _keeper.Boot();
    }

    private async Task CrashAsync(CancellationToken cancellationToken)
    {
        Random random = _harness.Random.Get("backup.crashes");
        while (true)
        {
            await _harness.Clock.DelayAsync(_plan.CrashPauseMax * random.NextDouble(), cancellationToken);
            _world.CountFault("backup.taker-down");
            if (random.Next(2) == 0)
            {
                _keeper.Machine.Crash();
            }
            else
            {
                _keeper.Machine.PowerLoss();
            }

            _keeper.Boot();
        }
    }

    private void Heal()
    {
        _keeper.Machine.Disk.Heal();
        _keeper.Machine.Disk.Faults = DiskFaultOptions.None;
    }

    private bool HaveProgressed(long[] before)
    {
        RestartNodes();
        return Enumerable.Range(0, before.Length).All(i => _clients[i].Workload.Acknowledged >= before[i] + 2);
    }

    private bool IsCaughtUp()
    {
        RestartNodes();
        return _keeper.End >= _cluster.Commits.Newest && _cluster.Commits.Newest > 0;
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

    private async Task UntilAsync(Func<bool> condition, string check, Func<string> what)
    {
        TimeSpan deadline = _world.Now + _plan.Cluster.LivenessLimit;
        while (!condition())
        {
            if (_world.Now > deadline)
            {
                _world.Fail(ViolationClass.Liveness, check, $"{_plan.Cluster.LivenessLimit.TotalSeconds:0} virtual seconds after everything healed, {what()}");
                return;
            }

            await _harness.Clock.DelayAsync(PollInterval, CancellationToken.None);
        }
    }

    private void Phase(string name) => _world.Trace.Emit(TraceKind.Phase, null, name.Length, 0, name);
}
