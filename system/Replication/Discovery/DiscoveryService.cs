// Discovery of one node: it makes itself known to seeds, asks every member that it hears of for signs of life, and answers the same questions of others. It
// listens at a port of its own, not at the node's: it has to answer while the node recovers, or is no member yet; its lifetime is independent; and a
// cluster whose data ports are swamped still knows who lives.
//
// Lifecycle: Start once, Stop any number of times from anywhere, also before or during Start; a stopped service stays stopped. Stop cancels a Start in
// progress. The observer is called by one task of the scope, so that no call comes after Stop has returned.
//
// Fault model: docs/wire-format.md, section Discovery, and MemberTable.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>Finds the members of the cluster and watches over them. Thread-safe.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
public sealed class DiscoveryService
#pragma warning restore CA1001
{
    private readonly object _gate = new();
    private readonly IPlatform _platform;
    private readonly DiscoveryOptions _options;
    private readonly ISeedSource _seeds;
    private readonly IDiscoveryObserver? _observer;
    private readonly ILogger _logger;
    private readonly AsyncLock _lifecycle = new();
    private readonly CancellationTokenSource _stopRequested = new();
    private readonly TaskScope _scope;
    private IListener? _listener;
    private MemberBoard? _board;
    private bool _started;
    private bool _stopped;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="seeds">Whom to announce to.</param>
    /// <param name="observer">Is told what changes.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public DiscoveryService(IPlatform platform, DiscoveryOptions options, ISeedSource seeds, IDiscoveryObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        _platform = platform;
        _options = options;
        _seeds = seeds;
        _observer = observer;
        _logger = platform.Logging.CreateLogger("SimGraph.Discovery");
        _scope = new TaskScope(platform.Tasks, $"discovery-{options.Self.Value}");
    }

    /// <summary>What this node announces, its epoch and addresses included; null before it has started.</summary>
    public MemberRecord? Own => Board?.Own;

    /// <summary>Everybody that is known, as of now; null before the service has started.</summary>
    public MemberSnapshot? Members => Board?.Snapshot();

    /// <summary>Why others refuse this node: its identity belongs to another process. Null as long as that is not known.</summary>
    public string? FencedBecause => Board?.FencedBecause;

    private MemberBoard? Board
    {
        get
        {
            lock (_gate)
            {
                return _board;
            }
        }
    }

    /// <summary>Counts this boot, takes the port and begins. Leaves nothing open when it fails.</summary>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the service was stopped, before or meanwhile.</exception>
    /// <exception cref="BootCounterException">The boot counter is damaged.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed.</exception>
    /// <exception cref="NetworkException">The address cannot be listened at.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_stopRequested.IsCancellationRequested)
        {
            throw new OperationCanceledException($"discovery of node {_options.Self.Value} is stopped; make a new one to start again", _stopRequested.Token);
        }

        using var linked = new LinkedCancellation(cancellationToken, _stopRequested.Token);
        using AsyncLock.Holder turn = await _lifecycle.EnterAsync(linked.Token);
        linked.Token.ThrowIfCancellationRequested();
        if (_started)
        {
            throw new InvalidOperationException($"discovery of node {_options.Self.Value} was started before; make a new one to start again");
        }

        _started = true;
        ulong epoch = await BootCounter.NextAsync(_platform.Disk, _options.Folder, linked.Token);
        _listener = await _platform.Network.ListenAsync(_options.ListenAddress, linked.Token);
        var own = new MemberRecord
        {
            Node = _options.Self,
            Address = _options.Address,
            DiscoveryAddress = new NetworkAddress(_options.AdvertisedHost ?? _options.ListenAddress.Host, _listener.LocalAddress.Port),
            Epoch = epoch,
        };
        Begin(new MemberBoard(new MemberTable(_options.Table, own, _platform.Clock.Elapsed()), _platform.Clock, _options.EventsMax));
        DiscoveryLog.Started(_logger, own.Node, own.Epoch, own.DiscoveryAddress);
    }

    /// <summary>
    /// Ends every task, closes the port and every connection. Idempotent, safe from anywhere at any time but from the observer. All callers wait for the same
    /// end, after which the observer is never called again.
    /// </summary>
    /// <exception cref="StopTimeoutException">Something did not end within twice <see cref="DiscoveryOptions.StopLimit"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        _stopRequested.Cancel();
        using AsyncLock.Holder turn = await _lifecycle.TryEnterAsync(_platform.Clock, _options.StopLimit)
            ?? throw new StopTimeoutException(_scope.Path, _options.StopLimit, _scope.SnapshotAlive());
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        await _scope.StopAsync(_options.StopLimit);
        if (!_stopped)
        {
            _stopped = true;
            DiscoveryLog.Stopped(_logger, _options.Self);
        }
    }

    /// <summary>What another member says of itself, or others of it; null if nothing is known, or the service has not started.</summary>
    public MemberRecord? Find(NodeId node) => Board?.Find(node);

    /// <summary>Changes what this node says of itself.</summary>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    public void UpdateSelf(MemberRole role, ulong term, int priority) => StartedBoard().UpdateSelf(role, term, priority);

    /// <summary>Forgets a member that was taken out; an older boot of it stays refused. False if it is not known.</summary>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    public bool Forget(NodeId node) => StartedBoard().Forget(node);

    /// <summary>Waits until the members are as wanted, or the limit has passed, and returns them as they are then. For a node that joins by seeds only.</summary>
    /// <exception cref="InvalidOperationException">Not started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the service was stopped.</exception>
    public async Task<MemberSnapshot> WaitForAsync(Func<MemberSnapshot, bool> wanted, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        MemberBoard board = StartedBoard();
        using var linked = new LinkedCancellation(cancellationToken, _stopRequested.Token);
        TimeSpan deadline = _platform.Clock.Elapsed() + limit;
        while (true)
        {
            MemberSnapshot members = board.Snapshot();
            if (wanted(members) || _platform.Clock.Elapsed() >= deadline)
            {
                return members;
            }

            await _platform.Clock.DelayAsync(_options.Table.HeartbeatInterval / 10, linked.Token);
        }
    }

    private MemberBoard StartedBoard() =>
        Board ?? throw new InvalidOperationException($"discovery of node {_options.Self.Value} was not started");

    private void Begin(MemberBoard board)
    {
        lock (_gate)
        {
            _board = board;
        }

        _scope.Run("events", token => TellAsync(board, token));
        new DiscoveryServer(_platform, _options, board, _listener!, _scope.CreateChild("server"), _logger).Start();
        new MemberProber(_platform, _options, board, _scope.CreateChild("probes"), _logger).Start();
        new SeedAnnouncer(_platform, _options, _seeds, board, _scope.CreateChild("seeds"), _logger).Start();
    }

    private async Task TellAsync(MemberBoard board, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (board.TakeEvent() is { } change)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (change.Kind is MemberEventKind.Fenced or MemberEventKind.SelfFenced)
                {
                    DiscoveryLog.Fenced(_logger, change.Kind, change.Reason);
                }
                else
                {
                    DiscoveryLog.Changed(_logger, change.Record.Node, change.Record.Epoch, change.Record.Address, change.Kind);
                }

                _observer?.Changed(change);
            }

            await board.WaitAsync(cancellationToken);
        }
    }
}
