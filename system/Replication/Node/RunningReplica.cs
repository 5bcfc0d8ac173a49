using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Backup.Restoring;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Node;

/// <summary>What a started node holds, and the order in which it is opened and closed. Opened and closed once, by its <see cref="ReplicaNode"/>.</summary>
internal sealed class RunningReplica
{
    // Looking at every connection at every tick would cost more than it tells.
    private const int TicksPerWatch = 4;

    private readonly IPlatform _platform;
    private readonly ReplicaOptions _options;
    private readonly IReplicaObserver? _observer;
    private readonly ILogger _logger;
    private readonly Action<Exception> _fail;
    private readonly ReplicaInbox _inbox;
    private readonly StatusBoard _status;
    private readonly TaskScope _scope;
    private readonly TaskScope _peerScope;
    private readonly TaskScope _inboundScope;
    private readonly PeerDirectory _peers;
    private readonly DiscoveryService? _discovery;
    private readonly EndSignal _loopEnded = new();
    private WriteAheadLog? _log;
    private ReplicatedStateMachine? _machine;
    private InboundServer? _inbound;
    private ReplicaLoop? _loop;
    private EndSignal? _discarded;
    private volatile bool _loopIsLate;
    private bool _begun;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated.</param>
    /// <param name="scope">Owns every task of the node; stopped by <see cref="CloseAsync"/>.</param>
    /// <param name="observer">Sees what the node decides.</param>
    /// <param name="logger">For all parts.</param>
    /// <param name="fail">Called, on the loop, with the error that ends the node from within.</param>
    public RunningReplica(
        IPlatform platform, ReplicaOptions options, TaskScope scope, IReplicaObserver? observer, ILogger logger, Action<Exception> fail)
    {
        _platform = platform;
        _options = options;
        _observer = observer;
        _logger = logger;
        _fail = fail;
        _inbox = new ReplicaInbox(options.InboxEventsMax, platform.Probes.OpenInputLog("inbox", options.LogDirectory));
        _status = new StatusBoard(options.Self);
        _scope = scope;
        _peerScope = _scope.CreateChild("peers");
        _inboundScope = _scope.CreateChild("inbound");
        _discovery = options.Discovery is { } discovery ? new DiscoveryService(platform, discovery.Of(options), discovery.Sources(platform)) : null;
        _peers = new PeerDirectory(platform, options, _discovery, _inbox, _peerScope, logger);
    }

    /// <summary>True once everything is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Who discovery has found; null without it, or before it has started.</summary>
    public MemberSnapshot? Found => _discovery?.Members;

    /// <summary>Recovers the state and takes the port; nothing runs yet but discovery, and the tasks of log and tree.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await RestoreMark.CheckAsync(_platform.Disk, DiskPath.DirectoryOf(_options.LogDirectory), _options.ClusterId, cancellationToken);
        if (_discovery is not null)
        {
            await _discovery.StartAsync(cancellationToken);
        }

        _machine = await ReplicatedStateMachine.OpenAsync(_platform, _scope, _options.EffectiveState, cancellationToken);
        _log = await WriteAheadLog.OpenAsync(_platform, _scope, _options.Log, cancellationToken);
        ReplicaRecovery recovery = ReplicaRecovery.Combine(_log.Recovered, _machine.Applied, _machine.Membership);
        _log.ReleaseRecovered();
        if (recovery.LogMustStartAtState)
        {
            await _log.AppendAsync(new LogBatch { Start = recovery.State.Start }, cancellationToken);
        }

        _inbound = await InboundServer.OpenAsync(_platform, _options, _inbox, _machine, _peers, _inboundScope, _logger, cancellationToken);
        _loop = CreateLoop(recovery.State, _machine, _log, new StateFlusher(_machine, _scope, _inbox, _logger));
        ConsensusState restored = recovery.State;
        ReplicationLog.Started(
            _logger, _options.Self, _inbound.Address, restored.Applied.Index, restored.Start.Index, restored.Entries.Count, restored.Hard.Term);
    }

    /// <summary>Starts the tasks.</summary>
    public void Begin()
    {
        Invariant.Check(_loop is not null && _inbound is not null, "a node begins after it was opened");
        _begun = true;
        _scope.Run("loop", LoopAsync);
        _scope.Run("tick", TickAsync);
        _inbound.Start();
    }

    /// <summary>Lets somebody look at log and state, between two turns of the loop. False when the node stops.</summary>
    public async Task<bool> VisitAsync(ReplicaVisit visit, CancellationToken cancellationToken) =>
        await _inbox.PostAsync(new ReplicaEvent { Kind = ReplicaEventKind.Visit, Visit = visit }, cancellationToken);

    /// <summary>What the node looks like now.</summary>
    public ReplicaStatus ReadStatus()
    {
        return _status.Read(_inbox.Count, _peers.QueuedBytes, _platform.Clock.Elapsed());
    }

    /// <summary>Ends what runs and closes what is open, each within its limit. May be called again when it failed.</summary>
    public async Task CloseAsync()
    {
        _inbox.Close();
        if (_begun)
        {
            _loopIsLate = !await _loopEnded.WaitAsync(_platform.Clock, _options.StopLimit);
        }

        if (_inbound is not null)
        {
            await _inbound.CloseAsync(_options.DrainLimit);
        }

        // What does not end in time must not keep the rest from being closed.
        StopTimeoutException? late = null;
        if (_discovery is not null)
        {
            late = await StopPartAsync(_discovery.StopAsync()) ?? late;
        }

        late = await StopAsync(_inboundScope) ?? late;
        late = await StopAsync(_peerScope) ?? late;
        _peers.Discard();
        await DiscardInboundAsync();

        if (_log is not null)
        {
            late = await StopPartAsync(_log.StopAsync()) ?? late;
        }

        if (_machine is not null)
        {
            late = await StopPartAsync(_machine.StopAsync()) ?? late;
        }

        late = await StopAsync(_scope) ?? late;
        if (late is not null)
        {
            throw late;
        }

        IsClosed = true;
    }

    private ReplicaLoop CreateLoop(ConsensusState restored, ReplicatedStateMachine machine, WriteAheadLog log, StateFlusher flusher)
    {
        var options = new ConsensusOptions
        {
            Self = _options.Self,
            Members = _options.InitialMembership,
            LeaseDriftBound = _options.LeaseDriftBound,
            HeartbeatTicks = ReplicaOptions.HeartbeatTicks,
            ElectionTimeoutTicks = _options.ElectionTimeoutTicks,
            AppendBytesMax = _options.AppendBytesMax,
        };
        var core = new ConsensusCore(options, restored, _platform.Random.Get("election.timeout"), _platform.Probes);
        return new ReplicaLoop(new ReplicaParts
        {
            Options = _options,
            Probes = _platform.Probes,
            Logger = _logger,
            Observer = _observer,
            Inbox = _inbox,
            Core = core,
            Machine = machine,
            Log = log,
            Flusher = flusher,
            Peers = _peers,
            Discovery = _discovery,
            Clock = _platform.Clock,
            Status = _status,
            Restored = restored,
        });
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _loop!.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (_loopIsLate && exception is LogClosedException or LsmClosedException)
        {
            // The disk did not answer for so long that the stop went on to close log and state. It answers now, and what the loop was about to do is refused.
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _fail(exception);
            _inbox.Close();
            await _inbound!.AbortAsync();
            if (!DeviceFailure.Is(exception))
            {
                // A device that fails is an event of operation. Anything else is a bug, and whoever hosts the tasks must hear of it.
                throw;
            }
        }
        finally
        {
            _loopEnded.Set();
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        for (int ticks = 1; ; ticks = (ticks % TicksPerWatch) + 1)
        {
            await _platform.Clock.DelayAsync(_options.TickInterval, cancellationToken);
            _inbox.PostTick();
            if (ticks == TicksPerWatch)
            {
                await _inbound!.WatchAsync();
                _peers.Watch();
            }
        }
    }

    // By a task, because it deletes files: a disk that does not answer is then waited for by the scope's stop, within the limit.
    private async Task DiscardInboundAsync()
    {
        if (_inbound is null || _discarded is not null)
        {
            return;
        }

        var discarded = new EndSignal();
        _discarded = discarded;
        _scope.Run("discard", async _ =>
        {
            await _inbound.DiscardAsync();
            discarded.Set();
        });
        await discarded.WaitAsync(_platform.Clock, _options.StopLimit);
    }

    private async Task<StopTimeoutException?> StopAsync(TaskScope scope)
    {
        try
        {
            await scope.StopAsync(_options.StopLimit);
            return null;
        }
        catch (StopTimeoutException exception)
        {
            return exception;
        }
    }

    private static async Task<StopTimeoutException?> StopPartAsync(Task stopping)
    {
        try
        {
            await stopping;
            return null;
        }
        catch (StopTimeoutException exception)
        {
            return exception;
        }
    }
}
