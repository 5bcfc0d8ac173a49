// One node of a cluster, from opening its files to closing them.
//
// Lifecycle: Start once, Stop any number of times from anywhere, also before or during Start; a stopped node stays stopped. Both run under one lock;
// Stop cancels a Start in progress first. What Start opened is held in one object, so that a Start that fails half-way and a Stop close the same things
// in the same order: requests are refused, the loop ends and answers who waits, clients take their answers, peers are cut off, the log is flushed last.
//
// Fault model: see ReplicaLoop for what ends a node from within. Then nothing is acknowledged any more, Completion faults, and StopAsync is still to be
// called to release what is left.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Replication.Node;

/// <summary>A replica: consensus, log, state machine, peers and clients. Thread-safe.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
public sealed class ReplicaNode
#pragma warning restore CA1001
{
    private readonly object _gate = new();
    private readonly IPlatform _platform;
    private readonly ReplicaOptions _options;
    private readonly IReplicaObserver? _observer;
    private readonly ILogger _logger;
    private readonly AsyncLock _lifecycle = new();
    private readonly CancellationTokenSource _stopRequested = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningReplica? _running;
    private bool _started;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="observer">Sees what the node decides.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public ReplicaNode(IPlatform platform, ReplicaOptions options, IReplicaObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _observer = observer;
        _logger = platform.Logging.CreateLogger("SimGraph.Replication");
    }

    /// <summary>Ends when the node has stopped; faults, at once, with the error that ended it from within.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What the node looks like now; all zero before it runs.</summary>
    public ReplicaStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _running?.ReadStatus() ?? new ReplicaStatus { Self = _options.Self };
            }
        }
    }

    /// <summary>Who discovery has found, and who of them lives, as this node sees it; null without discovery, or before it has started. For tools: no safety rests on it.</summary>
    public MemberSnapshot? Found
    {
        get
        {
            lock (_gate)
            {
                return _running?.Found;
            }
        }
    }

    /// <summary>Recovers and begins to take part. Leaves nothing open when it fails.</summary>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the node was stopped, before or meanwhile.</exception>
    /// <exception cref="Storage.Log.LogCorruptException">The log is damaged.</exception>
    /// <exception cref="Storage.Log.WriteAheadLogException">The disk failed.</exception>
    /// <exception cref="RecoveryException">Log and state do not belong together, or a restore made the folder for another cluster or did not come to its end.</exception>
    /// <exception cref="BootCounterException">Discovery's boot counter is damaged.</exception>
    /// <exception cref="Runtime.Network.NetworkException">The address cannot be listened at.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_stopRequested.IsCancellationRequested)
        {
            throw new OperationCanceledException($"node {_options.Self.Value} is stopped; make a new ReplicaNode to start again", _stopRequested.Token);
        }

        using var linked = new LinkedCancellation(cancellationToken, _stopRequested.Token);
        using AsyncLock.Holder turn = await _lifecycle.EnterAsync(linked.Token);
        linked.Token.ThrowIfCancellationRequested();
        if (_started)
        {
            throw new InvalidOperationException($"node {_options.Self.Value} was started before; make a new ReplicaNode to start again");
        }

        _started = true;
        var scope = new TaskScope(_platform.Tasks, $"replica-{_options.Self.Value}");
        var running = new RunningReplica(_platform, _options, scope, _observer, _logger, Fail);
        lock (_gate)
        {
            _running = running;
        }

        try
        {
            await running.OpenAsync(linked.Token);
        }
        catch (Exception exception)
        {
            // To be told to stop is no error: then it ends as any stop does.
            if (exception is not OperationCanceledException)
            {
                Fault(exception);
            }

            await running.CloseAsync();
            throw;
        }

        running.Begin();
    }

    /// <summary>
    /// Stops: refuses requests, answers those who wait, ends every task, flushes the log and closes every handle. Idempotent, safe from anywhere at any time
    /// but from the node's own observer. All callers wait for the same end.
    /// </summary>
    /// <exception cref="StopTimeoutException">Something did not end within <see cref="ReplicaOptions.StopBound"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        _stopRequested.Cancel();
        using AsyncLock.Holder turn = await _lifecycle.TryEnterAsync(_platform.Clock, _options.CloseBound)
            ?? throw new StopTimeoutException($"replica-{_options.Self.Value}", _options.CloseBound, []);
        RunningReplica? running;
        lock (_gate)
        {
            running = _running;
        }

        if (running is not null && !running.IsClosed)
        {
            await running.CloseAsync();
            ReplicationLog.Stopped(_logger, _options.Self);
        }

        _completion.TrySetResult();
    }

    /// <summary>Lets somebody look at log and state. False when the node does not run: there will be no look.</summary>
    internal async Task<bool> VisitAsync(ReplicaVisit visit, CancellationToken cancellationToken)
    {
        RunningReplica? running;
        lock (_gate)
        {
            running = _running;
        }

        return running is not null && await running.VisitAsync(visit, cancellationToken);
    }

    private void Fail(Exception exception)
    {
        ReplicationLog.Fatal(_logger, _options.Self, exception);
        Fault(exception);
    }

    private void Fault(Exception exception)
    {
        if (_completion.TrySetException(exception))
        {
            // Seen here, so that nobody has to look at it.
            _ = _completion.Task.Exception;
        }
    }
}
