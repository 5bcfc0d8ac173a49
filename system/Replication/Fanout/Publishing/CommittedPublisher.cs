// The member's side of the fan-out: publishes what its node applies, judges and helps the replicas that follow, and takes forwarded writes. Any member may publish:
// only committed entries are, so replicas that follow different members follow the same history.
//
// Concurrency model: each socket has one task that receives and one that sends; between the tasks are bounded mailboxes. Start once; Stop any number of
// times from anywhere. Fault model: nothing here can harm the node: what cannot be sent is dropped and asked for again.

using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Publishes the committed entries of a node to read replicas. Thread-safe.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
public sealed class CommittedPublisher
#pragma warning restore CA1001
{
    private const int RepliesMax = 256;

    private readonly IPlatform _platform;
    private readonly PublisherOptions _options;
    private readonly ILogger _logger;
    private readonly PublishFeed _feed;
    private readonly HealthMonitor _monitor;
    private readonly FanoutCounters _counters = new();
    private readonly Mailbox<Message> _replies = new(RepliesMax);
    private readonly TaskScope _scope;
    private readonly AsyncLock _lifecycle = new();
    private readonly CancellationTokenSource _stopRequested = new();
    private readonly List<IMessageSocket> _sockets = [];
    private bool _started;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public CommittedPublisher(IPlatform platform, PublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _logger = platform.Logging.CreateLogger("SimGraph.Replication.Fanout");
        _feed = new PublishFeed(options.QueueMax, platform.Probes);
        _monitor = new HealthMonitor(options.Health);
        _scope = new TaskScope(platform.Tasks, "publisher");
    }

    /// <summary>What it looks like now.</summary>
    public PublisherStatus Status => new()
    {
        Last = _feed.Last,
        Replicas = _monitor.Assess(_platform.Clock.Elapsed()),
        Overruns = _feed.Overruns,
        Malformed = _counters.MalformedCount,
        RepliesDropped = _counters.RepliesDroppedCount,
    };

    /// <summary>The observer to give to the node: it is how the publisher learns what is applied.</summary>
    /// <param name="inner">Another observer, which sees everything too.</param>
    public IReplicaObserver Tap(IReplicaObserver? inner = null) => new AppliedTap(_feed, inner);

    /// <summary>Opens the sockets and begins to publish. Leaves nothing open when it fails.</summary>
    /// <param name="node">The started node that has the observer of <see cref="Tap"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the publisher stopped, before or meanwhile.</exception>
    /// <exception cref="Runtime.Network.NetworkException">An address cannot be bound.</exception>
    public async Task StartAsync(ReplicaNode node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (_stopRequested.IsCancellationRequested)
        {
            throw new OperationCanceledException("the publisher is stopped; make a new one to start again", _stopRequested.Token);
        }

        using var linked = new LinkedCancellation(cancellationToken, _stopRequested.Token);
        using AsyncLock.Holder turn = await _lifecycle.EnterAsync(linked.Token);
        linked.Token.ThrowIfCancellationRequested();
        if (_started)
        {
            throw new InvalidOperationException("the publisher was started before; make a new one to start again");
        }

        _started = true;
        try
        {
            await OpenAsync(node, linked.Token);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>Ends every task and closes the sockets. Idempotent, safe from anywhere at any time. All callers wait for the same end.</summary>
    /// <exception cref="StopTimeoutException">Something did not end within twice <see cref="PublisherOptions.StopLimit"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        _stopRequested.Cancel();
        using AsyncLock.Holder turn = await _lifecycle.TryEnterAsync(_platform.Clock, _options.StopLimit)
            ?? throw new StopTimeoutException(_scope.Path, _options.StopLimit, _scope.SnapshotAlive());
        await CloseAsync();
    }

    private async Task OpenAsync(ReplicaNode node, CancellationToken cancellationToken)
    {
        IMessageSocket router = Open(MessageSocketKind.Router);
        IMessageSocket pull = Open(MessageSocketKind.Pull);
        var publishers = new List<IMessageSocket> { Open(MessageSocketKind.Publisher) };
        await publishers[0].BindAsync(_options.PublishAddress, cancellationToken);
        await router.BindAsync(_options.ControlAddress, cancellationToken);
        await pull.BindAsync(_options.ForwardAddress, cancellationToken);
        foreach (Runtime.Network.NetworkAddress centre in _options.DataCentres)
        {
            IMessageSocket link = Open(MessageSocketKind.Publisher);
            await link.ConnectAsync(centre, cancellationToken);
            publishers.Add(link);
        }

        var catchUps = new CatchUpDesk(_platform, _options, node, _replies);
        var control = new ControlDesk(_platform, router, _feed, _monitor, catchUps, _replies, _counters);
        var forwards = new ForwardDesk(_platform, _options, pull, _replies, _counters);
        int self = node.Status.Self.Value;
        _scope.Run("publish", token => new PublishLoop(_feed, publishers, self, _options.Topic).RunAsync(token));
        _scope.Run("control.receive", control.ReceiveAsync);
        _scope.Run("control.send", control.SendAsync);
        _scope.Run("catch-up", catchUps.RunAsync);
        _scope.Run("forward.receive", forwards.ReceiveAsync);
        for (int i = 0; i < _options.ForwardersMax; i++)
        {
            _scope.Run("forward", forwards.WorkAsync);
        }

        _scope.Run("beat", token => BeatAsync(catchUps, token));
        FanoutLog.PublisherStarted(_logger, self, _options.PublishAddress, _options.DataCentres.Length);
    }

    private IMessageSocket Open(MessageSocketKind kind)
    {
        IMessageSocket socket = _platform.Messaging.Open(
            kind, new MessageSocketOptions { SendHighWaterMark = _options.HighWaterMark, ReceiveHighWaterMark = _options.HighWaterMark });
        _sockets.Add(socket);
        return socket;
    }

    private async Task BeatAsync(CatchUpDesk catchUps, CancellationToken cancellationToken)
    {
        var shown = new SortedDictionary<string, ReplicaHealth>(StringComparer.Ordinal);
        while (true)
        {
            await _platform.Clock.DelayAsync(_options.BeatInterval, cancellationToken);
            _feed.AddBeat();
            catchUps.Watch();
            TimeSpan now = _platform.Clock.Elapsed();
            _monitor.Published(_feed.Last.Index, now);
            foreach (ReplicaStanding standing in _monitor.Assess(now))
            {
                Show(shown, standing);
            }
        }
    }

    private void Show(SortedDictionary<string, ReplicaHealth> shown, ReplicaStanding standing)
    {
        if (shown.TryGetValue(standing.Name, out ReplicaHealth before) && before == standing.Health)
        {
            return;
        }

        if (shown.Count >= _options.Health.ReplicasMax && !shown.ContainsKey(standing.Name))
        {
            shown.Clear();
        }

        shown[standing.Name] = standing.Health;
        FanoutLog.HealthChanged(_logger, standing.Name, standing.Health, standing.IndexesBehind, standing.Lag, standing.Silence);
        _platform.Probes.Sometimes(standing.Health == ReplicaHealth.Degraded, "fanout.replica-degraded");
        _platform.Probes.Sometimes(standing.Health == ReplicaHealth.Unhealthy, "fanout.replica-unhealthy");
    }

    private async Task CloseAsync()
    {
        _feed.Close();
        StopTimeoutException? late = null;
        try
        {
            await _scope.StopAsync(_options.StopLimit);
        }
        catch (StopTimeoutException exception)
        {
            late = exception;
        }

        foreach (IMessageSocket socket in _sockets)
        {
            await socket.DisposeAsync();
        }

        _sockets.Clear();
        if (late is not null)
        {
            throw late;
        }
    }
}
