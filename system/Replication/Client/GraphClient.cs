// The client of a cluster. Writes are applied exactly once: each carries the client's session and a request number, is sent again under the same number
// until a leader answers, and the state machine remembers the last answer of each session (dissertation, section 6.3). What cannot be decided, because
// the caller gave up or the session is gone, is said to be unknown; it is never reported as failed or done.
//
// Every operation ends within its limit, whatever the cluster and the network do, and every buffer and queue here has a bound.
//
// Concurrency model: operations take turns. No task of its own, so stopping means: no new operation, the present one ends, the connection closes.

using System.Buffers;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.Client;

/// <summary>Reads and writes the graph of a cluster. Thread-safe; one operation at a time.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
public sealed class GraphClient
#pragma warning restore CA1001
{
    private readonly IPlatform _platform;
    private readonly ClientOptions _options;
    private readonly ClusterCaller _caller;
    private readonly AsyncLock _turn = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private readonly ArrayBufferWriter<byte> _command = new();
    private int _operations;
    private ulong _session;
    private ulong _lastRequest;

    /// <param name="platform">Clock, network and randomness.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public GraphClient(IPlatform platform, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _caller = new ClusterCaller(platform, options);
    }

    /// <summary>The session and number under which the last write was sent: its name in the log. Session 0 if it never was.</summary>
    public (ulong Session, ulong Request) LastWrite => (_session, _lastRequest);

    /// <summary>Applies a command exactly once; returns when it is committed, with what the graph made of it.</summary>
    /// <exception cref="OutcomeUnknownException">It was sent, and nobody can tell whether it is applied.</exception>
    /// <exception cref="RequestRefusedException">It cannot be served, or too many operations of this client wait; it was not applied.</exception>
    /// <exception cref="TimeoutException">No leader answered in time; it was not applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it was not applied.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped; it was not applied.</exception>
    public async Task<GraphOutcome> WriteAsync(GraphCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using LinkedCancellation? linked = Link(cancellationToken);
        CancellationToken token = linked?.Token ?? _stopping.Token;
        var attempts = new Attempts(_platform.Clock.Elapsed());
        try
        {
            using Turn turn = await TakeTurnAsync(token);
            _encoded.ResetWrittenCount();
            command.Encode(_encoded);
            return await WriteInSessionAsync(attempts, token);
        }
        catch (Exception exception) when (
            attempts.MayBeApplied && exception is OperationCanceledException or TimeoutException or RequestRefusedException)
        {
            throw new OutcomeUnknownException($"the write was sent, and no answer came: {attempts.LastFailure}", exception);
        }
        catch (FormatException exception)
        {
            throw new OutcomeUnknownException("the write was answered, and the answer cannot be read", exception);
        }
        catch (OperationCanceledException) when (WasStopped(cancellationToken))
        {
            throw new ObjectDisposedException(nameof(GraphClient), "the client is stopped");
        }
    }

    /// <summary>Answers a query with the state after every write that was acknowledged before the call (linearizable).</summary>
    /// <exception cref="RequestRefusedException">It cannot be served, or too many operations of this client wait.</exception>
    /// <exception cref="TimeoutException">No leader answered in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped.</exception>
    public Task<GraphAnswer> ReadAsync(GraphQuery query, CancellationToken cancellationToken) => ReadAsync(query, ReadMode.Quorum, cancellationToken);

    /// <summary>Answers a query with the state after every write that was acknowledged before the call, in the way that the mode says.</summary>
    /// <exception cref="RequestRefusedException">It cannot be served.</exception>
    /// <exception cref="TimeoutException">No leader answered in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped.</exception>
    public async Task<GraphAnswer> ReadAsync(GraphQuery query, ReadMode mode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        using LinkedCancellation? linked = Link(cancellationToken);
        CancellationToken token = linked?.Token ?? _stopping.Token;
        try
        {
            var attempts = new Attempts(_platform.Clock.Elapsed());
            using Turn turn = await TakeTurnAsync(token);
            _encoded.ResetWrittenCount();
            query.Encode(_encoded);
            RequestKind kind = mode == ReadMode.Lease ? RequestKind.LeaseQuery : RequestKind.Query;
            ReadOnlyMemory<byte> answer = await _caller.CallAsync(kind, _encoded.WrittenMemory, attempts, token);
            return GraphAnswer.Decode(answer.Span);
        }
        catch (OperationCanceledException) when (WasStopped(cancellationToken))
        {
            throw new ObjectDisposedException(nameof(GraphClient), "the client is stopped");
        }
    }

    /// <summary>Ends the present operation and closes the connection. Idempotent, safe from anywhere.</summary>
    public async Task StopAsync()
    {
        _stopping.Cancel();
        using AsyncLock.Holder turn = await _turn.EnterAsync(CancellationToken.None);
        await _caller.CloseAsync();
    }

    private async Task<Turn> TakeTurnAsync(CancellationToken token)
    {
        int operations = Interlocked.Increment(ref _operations);
        bool taken = false;
        try
        {
            if (operations > _options.OperationsMax)
            {
                throw new RequestRefusedException($"{_options.OperationsMax} operations of this client are under way: wait for some of them, or use more clients");
            }

            AsyncLock.Holder holder = operations == 1 ? await _turn.EnterAsync(token) : await WaitForTurnAsync(token);
            taken = true;
            return new Turn(this, holder);
        }
        finally
        {
            if (!taken)
            {
                Interlocked.Decrement(ref _operations);
            }
        }
    }

    private async Task<AsyncLock.Holder> WaitForTurnAsync(CancellationToken token)
    {
        using var deadline = Deadline.After(_platform.Clock, _options.OperationLimit, token);
        try
        {
            return await _turn.EnterAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"earlier operations of this client took all of {_options.OperationLimit.TotalSeconds:0.###} s");
        }
    }

    private async Task<GraphOutcome> WriteInSessionAsync(Attempts attempts, CancellationToken token)
    {
        while (true)
        {
            if (_session == 0)
            {
                await OpenSessionAsync(attempts.StartedAt, token);
            }

            _command.ResetWrittenCount();
            ClientCommand.Write(_session, ++_lastRequest, _encoded.WrittenMemory).Encode(_command);
            ReadOnlyMemory<byte> answer = await _caller.CallAsync(RequestKind.Command, _command.WrittenMemory, attempts, token);
            var result = ClientResult.Decode(answer.Span);
            switch (result.Status)
            {
                case ClientResultStatus.Answered when result.Outcome is { } outcome:
                    return outcome;
                case ClientResultStatus.SessionExpired or ClientResultStatus.StaleRequest:
                    // The answer says that this attempt changed nothing; an earlier one, unanswered, may have.
                    _session = 0;
                    if (attempts.MayBeApplied)
                    {
                        throw new OutcomeUnknownException($"the write was sent, then its session ended ({result.Status})");
                    }

                    break;
                default:
                    throw new RequestRefusedException($"the cluster answered a write with {result.Status}");
            }
        }
    }

    private async Task OpenSessionAsync(TimeSpan startedAt, CancellationToken token)
    {
        _command.ResetWrittenCount();
        ClientCommand.OpenSession.Encode(_command);

        // Attempts of its own: a session opened twice harms nobody, so nothing about the write becomes unknown here.
        ReadOnlyMemory<byte> answer = await _caller.CallAsync(RequestKind.Command, _command.WrittenMemory, new Attempts(startedAt), token);
        var result = ClientResult.Decode(answer.Span);
        if (result.Status != ClientResultStatus.SessionOpened)
        {
            throw new RequestRefusedException($"the cluster answered the opening of a session with {result.Status}");
        }

        _session = result.Session;
        _lastRequest = 0;
    }

    private LinkedCancellation? Link(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        return cancellationToken.CanBeCanceled ? new LinkedCancellation(cancellationToken, _stopping.Token) : null;
    }

    private bool WasStopped(CancellationToken cancellationToken) =>
        _stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

    private readonly struct Turn(GraphClient client, AsyncLock.Holder holder) : IDisposable
    {
        public void Dispose()
        {
            holder.Dispose();
            Interlocked.Decrement(ref client._operations);
        }
    }
}
