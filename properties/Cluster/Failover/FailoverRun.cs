// One run of the failover benchmark: the leader goes down, again and again, each time at another moment between two heartbeats, and comes back after a while. Between two crashes
// everybody is up and every client has got a write acknowledged.

using SimGraph.Properties.Bench;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Failover;

internal sealed class FailoverRun
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly ClusterPlan _plan;
    private readonly FailoverLoad _load;
    private readonly ClusterUnderTest _cluster;
    private readonly List<(Machine Machine, FailoverClient Client)> _clients = [];
    private readonly List<TimeSpan> _elections = [];
    private readonly List<TimeSpan> _unavailability = [];
    private readonly ChoiceSite _moments;

    public FailoverRun(World world, IPlatform harness, ClusterPlan plan, FailoverLoad load)
    {
        _world = world;
        _harness = harness;
        _plan = plan;
        _load = load;
        _cluster = new ClusterUnderTest(world, harness, plan);
        _moments = world.Site("failover.moment");
    }

    /// <summary>For each crash, how long nobody led.</summary>
    public IReadOnlyList<TimeSpan> Elections => _elections;

    /// <summary>For each crash and each client, how long it was not served.</summary>
    public IReadOnlyList<TimeSpan> Unavailability => _unavailability;

    public async Task RunAsync()
    {
        foreach (ClusterNode node in _cluster.Nodes)
        {
            node.Boot();
        }

        // The limits that users have by default.
        var options = new Replication.Client.ClientOptions { Addresses = _cluster.Client.Addresses, ClusterId = _cluster.Client.ClusterId };
        for (int number = 1; number <= _load.Clients; number++)
        {
            Machine machine = _world.AddMachine($"c{number}", new MachineOptions());
            var client = new FailoverClient(_world, options);
            machine.Boot(client.RunAsync);
            _clients.Add((machine, client));
        }

        await UntilAsync(() => _clients.TrueForAll(static client => client.Client.Acknowledged > 0), "a client is not served at first");
        for (int crash = 0; crash < _load.Crashes && _world.Violation is null; crash++)
        {
            await CrashAsync();
        }

        foreach ((Machine machine, _) in _clients)
        {
            await machine.StopAsync(_plan.StopLimit);
        }

        foreach (ClusterNode node in _cluster.Nodes)
        {
            await node.StopAsync(_plan.StopLimit);
        }
    }

    private async Task CrashAsync()
    {
        await _harness.Clock.DelayAsync(_plan.ElectionTimeout + UpTo(_plan.HeartbeatInterval * 2), CancellationToken.None);
        await UntilAsync(() => _cluster.Leader is not null, "nobody leads");
        if (_cluster.Leader is not { } leader)
        {
            return;
        }

        foreach ((_, FailoverClient client) in _clients)
        {
            client.Crashed();
        }

        if (_load.End == LeaderEnd.Killed)
        {
            leader.Machine.Crash();
        }
        else
        {
            leader.Machine.PowerLoss();
        }

        TimeSpan crashedAt = _world.Now;
        ulong term = _cluster.Elections.NewestTerm;
        TimeSpan restartAt = crashedAt + UpTo(_plan.ElectionTimeout * 2);
        await UntilAsync(() => _cluster.Elections.NewestTerm > term || _world.Now >= restartAt, "nobody leads after a crash");
        if (_cluster.Elections.NewestTerm == term)
        {
            leader.Boot();
            await UntilAsync(() => _cluster.Elections.NewestTerm > term, "nobody leads after a crash");
        }

        _elections.Add(_world.Now - crashedAt);
        if (!leader.Machine.IsOn)
        {
            await _harness.Clock.DelayAsync(restartAt - _world.Now, CancellationToken.None);
            leader.Boot();
        }

        await UntilAsync(() => _clients.TrueForAll(static client => !client.Client.IsWaiting), "a client is not served after a crash");
        foreach ((_, FailoverClient client) in _clients)
        {
            _unavailability.Add(client.Silence);
        }
    }

    private TimeSpan UpTo(TimeSpan most) => most * (_world.Choose(_moments, _world.Harness, 1_000_000) / 1e6);

    private async Task UntilAsync(Func<bool> holds, string what)
    {
        TimeSpan deadline = _world.Now + _plan.LivenessLimit;
        while (!holds())
        {
            if (_world.Now > deadline)
            {
                _world.Fail(ViolationClass.Liveness, "failover.not-served", $"{what} for {_plan.LivenessLimit.TotalSeconds:0} virtual seconds; {_cluster.Describe()}");
                return;
            }

            await _harness.Clock.DelayAsync(PollInterval, CancellationToken.None);
        }
    }
}
