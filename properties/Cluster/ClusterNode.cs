// A node of the cluster under test: a machine, the program it boots, and the observer that tells the checkers what the node decides. The supervisor starts a
// process again that aborted because of its disk, as a service manager would.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster;

/// <summary>A node of the cluster under test.</summary>
internal sealed class ClusterNode
{
    private readonly World _world;
    private readonly ClusterUnderTest _cluster;
    private ReplicaOptions _options;
    private bool _bootedBefore;
    private TimeSpan _diskHangsUntil;
    private AsyncSignal _inspectionWanted = new();
    private Func<ReplicatedStateMachine, CancellationToken, Task>? _inspection;

    public ClusterNode(World world, Machine machine, ReplicaOptions options, ClusterUnderTest cluster)
    {
        _world = world;
        Machine = machine;
        _options = options;
        _cluster = cluster;
        machine.ExpectsFailure = ExpectsFailure;
    }

    public Machine Machine { get; }

    public NodeId Id => _options.Self;

    /// <summary>The running node; null while its machine is off.</summary>
    public ReplicaNode? Replica { get; private set; }

    /// <summary>The state that the running process applies to; null until it has recovered.</summary>
    public ReplicatedStateMachine? State { get; private set; }

    /// <summary>True once what <see cref="Inspect"/> asked for was done.</summary>
    public bool IsInspected { get; private set; }

    /// <summary>True while the script keeps the machine off.</summary>
    public bool IsHeldDown { get; set; }

    /// <summary>Whether its disk may fail it, so that an abort is no violation.</summary>
    public bool DiskMayFail { get; set; }

    /// <summary>True while a script slows its clock down so far that its own limits are far from the script's.</summary>
    public bool ClockCrawls { get; set; }

    /// <summary>Says how a node runs that boots again; null: as before.</summary>
    public Func<ReplicaOptions, ReplicaOptions>? Relocate { get; init; }

    /// <summary>True once the machine is lost with its disk: it never comes back, as a node without its vote must not.</summary>
    public bool IsGone { get; private set; }

    public void Boot()
    {
        if (!IsGone)
        {
            State = null;
            _options = _bootedBefore && Relocate is not null ? Relocate(_options) : _options;
            _bootedBefore = true;
            Machine.Boot(RunAsync);
        }
    }

    /// <summary>The machine burns down.</summary>
    public void Lose()
    {
        IsGone = true;
        IsHeldDown = true;
        Machine.PowerLoss();
        Machine.Wipe();
        State = null;
    }

    /// <summary>Stops it gracefully within the limit, and as much later as its disk still hangs.</summary>
    public Task StopAsync(TimeSpan limit) => Machine.StopAsync(_diskHangsUntil > _world.Now ? limit + (_diskHangsUntil - _world.Now) : limit);

    /// <summary>Its disk answers nothing for so long.</summary>
    public void HangDisk(TimeSpan time)
    {
        TimeSpan until = _world.Now + time;
        _diskHangsUntil = until > _diskHangsUntil ? until : _diskHangsUntil;
        Machine.Disk.StallFor(time);
    }

    /// <summary>Lets the running process look at its own state.</summary>
    public void Inspect(Func<ReplicatedStateMachine, CancellationToken, Task> inspection)
    {
        _inspection = inspection;
        _inspectionWanted.Set();
    }

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var observer = new Observer(this);
        var replica = new ReplicaNode(platform, _options, observer);
        Replica = replica;
        var inspector = new TaskScope(platform.Tasks, "inspector");
        _inspectionWanted = new AsyncSignal();
        Exception? failure = null;
        try
        {
            await replica.StartAsync(stop);
            inspector.Run("inspect", InspectAsync);
            await HostedPrograms.UntilEitherAsync(replica.Completion, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop while starting.
        }
#pragma warning disable CA1031 // Thrown again below, once the node has been stopped as any host would stop it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        await inspector.StopAsync();
        await StopReplicaAsync(platform, replica);
        observer.HasStopped = true;
        await RefuseStartAsync(replica);
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>A stop that a hung disk made late says so and is asked for again: once the disk answers it comes to its end.</summary>
    private async Task StopReplicaAsync(IPlatform platform, ReplicaNode replica)
    {
        while (true)
        {
            TimeSpan from = _world.Now;
            try
            {
                await HostedPrograms.StopAsync(replica.StopAsync, platform.Random.Get("program.stop"));
                return;
            }
            catch (StopTimeoutException) when (_diskHangsUntil > from)
            {
                platform.Probes.Reachable(ClusterProbes.LateStop);
            }
        }
    }

    private async Task InspectAsync(CancellationToken cancellationToken)
    {
        await _inspectionWanted.WaitAsync(cancellationToken);
        await _inspection!(State!, cancellationToken);
        IsInspected = true;
    }

    /// <summary>A node that has stopped stays so, and says so: one that seemed to start again would accept what it never sends.</summary>
    private async Task RefuseStartAsync(ReplicaNode replica)
    {
        try
        {
            await replica.StartAsync(CancellationToken.None);
            _world.Fail(ViolationClass.Safety, "lifecycle.started-after-stop", $"node {Id.Value} was stopped, and a start afterwards succeeded");
        }
        catch (OperationCanceledException)
        {
            // As it must be.
        }
    }

    private bool ExpectsFailure(Exception exception)
    {
        bool isDisk = DiskMayFail && ClusterFailures.IsOfDisk(exception);
        if (isDisk)
        {
            _world.Count("cluster.disk-aborts");
        }

        return isDisk;
    }

    private sealed class Observer(ClusterNode node) : IReplicaObserver
    {
        private LogPosition? _flushed;

        public bool HasStopped { get; set; }

        public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state)
        {
            Check();
            node.State = state;
            node._cluster.Elections.Restarted(node.Id, hard);
            node._cluster.Commits.Restarted(node.Id, last, state);
        }

        public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
        {
            Check();
            node._cluster.Elections.RoleChanged(node.Id, role, term, leader);
            node._cluster.Triggers.Observe();
        }

        public void MembershipChanged(Membership membership, ulong index)
        {
            Check();
            node._cluster.Memberships.Follow(node.Id, membership, index);
        }

        public void LogPersisted(LogPosition? start, IReadOnlyList<LogEntry> entries)
        {
            Check();
            node._cluster.Logs.Persisted(node.Id, start, entries);
            node._cluster.Triggers.Observe();
        }

        public void Acknowledged(LogPosition position, WriteAcknowledgement acknowledgement)
        {
            Check();
            node._cluster.Acknowledgements.Acknowledged(node.Id, position, acknowledgement);
        }

        public void Committed(LogEntry entry)
        {
            Check();
            node._cluster.Commits.Committed(node.Id, entry);
            node._cluster.Triggers.Observe();
        }

        public void Applied(LogEntry entry, ReplicatedStateMachine state)
        {
            Check();
            node._cluster.Commits.Applied(node.Id, entry, state);
        }

        public void StateFlushed(LogPosition position)
        {
            Check();
            CheckFlushIsDue(position);
            node._cluster.Commits.StateFlushed(node.Id, position);
        }

        public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
        {
            Check();
            _flushed = null;
            node.State = state;
            node._cluster.Commits.SnapshotInstalled(node.Id, position, state);
        }

        /// <summary>Only a chance point may let a state be flushed sooner than the options say.</summary>
        private void CheckFlushIsDue(LogPosition position)
        {
            if (_flushed is { } before && !node._world.Options.ChancePoints && position.Index < before.Index + (ulong)node._options.FlushEntries)
            {
                node._world.Fail(
                    ViolationClass.Safety, "state.flushed-too-soon", $"node {node.Id.Value} flushed its state at entry {before.Index} and at {position.Index}, where {node._options.FlushEntries} entries must lie between");
            }

            _flushed = position;
        }

        private void Check()
        {
            if (HasStopped)
            {
                node._world.Fail(ViolationClass.Leak, "leak.callback-after-stop", $"node {node.Id.Value} called its observer after StopAsync had returned");
            }
        }
    }
}
