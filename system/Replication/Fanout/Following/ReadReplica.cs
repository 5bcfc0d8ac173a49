// A read replica, from opening its state to closing it. It is not a member: it votes for nothing, acknowledges nothing, and only ever holds what is committed. Its state
// is a tree of its own; after a restart it goes on from what the tree holds, and asks for the rest.
//
// Lifecycle: Start once; Stop any number of times from anywhere. What ends it from within faults Completion; StopAsync is still to be called then.

using System.Buffers;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>Follows the committed entries of a cluster and answers queries from its own copy of the state. Thread-safe.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
public sealed class ReadReplica
#pragma warning restore CA1001
{
    private readonly IPlatform _platform;
    private readonly ReadReplicaOptions _options;
    private readonly IReadReplicaObserver? _observer;
    private readonly ILogger _logger;
    private readonly Mailbox<FollowInput> _inbox;
    private readonly FollowBoard _board = new();
    private readonly TaskScope _scope;
    private readonly TaskScope _work;
    private readonly AsyncLock _lifecycle = new();
    private readonly CancellationTokenSource _stopRequested = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReplicatedStateMachine? _machine;
    private bool _started;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="observer">Sees what is applied.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public ReadReplica(IPlatform platform, ReadReplicaOptions options, IReadReplicaObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _observer = observer;
        _logger = platform.Logging.CreateLogger("SimGraph.Replication.Fanout");
        _inbox = new Mailbox<FollowInput>(options.InboxMax);
        _scope = new TaskScope(platform.Tasks, "read-replica");
        _work = _scope.CreateChild("work");
    }

    /// <summary>Ends when the replica has stopped; faults, at once, with the error that ended it from within.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What it looks like now.</summary>
    public ReadReplicaStatus Status => _board.Read();

    /// <summary>Opens the state and begins to follow. Leaves nothing open when it fails.</summary>
    /// <exception cref="InvalidOperationException">Started before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the replica stopped, before or meanwhile.</exception>
    /// <exception cref="Storage.Lsm.LsmException">The tree is damaged, or the disk failed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_stopRequested.IsCancellationRequested)
        {
            throw new OperationCanceledException($"read replica {_options.Name} is stopped; make a new one to start again", _stopRequested.Token);
        }

        using var linked = new LinkedCancellation(cancellationToken, _stopRequested.Token);
        using AsyncLock.Holder turn = await _lifecycle.EnterAsync(linked.Token);
        linked.Token.ThrowIfCancellationRequested();
        if (_started)
        {
            throw new InvalidOperationException($"read replica {_options.Name} was started before; make a new one to start again");
        }

        _started = true;
        try
        {
            _machine = await ReplicatedStateMachine.OpenAsync(_platform, _scope, _options.EffectiveState, linked.Token);
            _observer?.Started(_machine);
            var store = new FollowStore(_machine, _options, _work, _observer, _logger);
            var loop = new FollowLoop(_platform, _options, store, _inbox, _work, _board, _logger);
            _board.Show(_machine.Applied, 0);
            FanoutLog.ReplicaStarted(_logger, _options.Name, _machine.AppliedIndex);
            _work.Run("loop", token => LoopAsync(loop, token));
            _work.Run("tick", TickAsync);
        }
        catch (Exception exception)
        {
            // To be told to stop is no error: then it ends as any stop does.
            if (exception is not OperationCanceledException)
            {
                Fault(exception);
            }

            await CloseAsync();
            throw;
        }
    }

    /// <summary>Answers a query from the state that is applied now, which may be behind the cluster.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The replica does not run.</exception>
    public async Task<ReplicaAnswer> AskAsync(GraphQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var encoded = new ArrayBufferWriter<byte>();
        query.Encode(encoded);
        var asked = new ReplicaQuery(encoded.WrittenMemory);
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((ReplicaQuery)state!).Answer.TrySetCanceled(token), asked);
        if (!await _inbox.PostAsync(new FollowInput(default, IsControl: false, 0, asked), cancellationToken))
        {
            throw new ObjectDisposedException(nameof(ReadReplica), "the read replica does not run");
        }

        return await asked.Answer.Task;
    }

    /// <summary>Ends every task, answers who waits, and closes every handle. Idempotent, safe from anywhere. All callers wait for the same end.</summary>
    /// <exception cref="StopTimeoutException">Something did not end within <see cref="ReadReplicaOptions.StopBound"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        _stopRequested.Cancel();
        using AsyncLock.Holder turn = await _lifecycle.TryEnterAsync(_platform.Clock, _options.CloseBound)
            ?? throw new StopTimeoutException(_scope.Path, _options.CloseBound, _scope.SnapshotAlive());
        await CloseAsync();
        _completion.TrySetResult();
    }

    private async Task LoopAsync(FollowLoop loop, CancellationToken cancellationToken)
    {
        try
        {
            await loop.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            FanoutLog.ReplicaFatal(_logger, _options.Name, exception);
            Fault(exception);
            if (!DeviceFailure.Is(exception))
            {
                // A device that fails is an event of operation. Anything else is a bug, and whoever hosts the tasks must hear of it.
                throw;
            }
        }
        finally
        {
            _inbox.Close();
            RefuseQueries();
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _platform.Clock.DelayAsync(_options.TickInterval, cancellationToken);
            _inbox.TryPost(default);
        }
    }

    private void RefuseQueries()
    {
        while (_inbox.TryReceive(out FollowInput input))
        {
            input.Query?.Answer.TrySetException(new ObjectDisposedException(nameof(ReadReplica), "the read replica stopped"));
        }
    }

    private async Task CloseAsync()
    {
        _inbox.Close();
        StopTimeoutException? late = await TryStopAsync(_work.StopAsync(_options.StopLimit));
        RefuseQueries();
        if (_machine is { } machine)
        {
            late = await TryStopAsync(machine.StopAsync()) ?? late;
        }

        late = await TryStopAsync(_scope.StopAsync(_options.StopLimit)) ?? late;
        if (late is not null)
        {
            throw late;
        }
    }

    // What does not end in time must not keep the rest from being closed.
    private static async Task<StopTimeoutException?> TryStopAsync(Task stopping)
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

    private void Fault(Exception exception)
    {
        if (_completion.TrySetException(exception))
        {
            // Seen here, so that nobody has to look at it.
            _ = _completion.Task.Exception;
        }
    }
}
