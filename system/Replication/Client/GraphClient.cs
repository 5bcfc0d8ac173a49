// The client of a cluster. Writes are applied exactly once, in a session. What cannot be decided, because the caller gave up or the session is gone, is said to be
// unknown; it is never reported as failed or done.
//
// Every operation ends within its limit, whatever the cluster and the network do, and every buffer and queue here has a bound.
//
// Concurrency model: operations take turns. No task of its own, so stopping means: no new operation, the present one ends, the connection closes.

using System.Buffers;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.Client;

/// <summary>Reads and writes the graph of a cluster. Thread-safe; one operation at a time.</summary>
public sealed class GraphClient
{
    private readonly IPlatform _platform;
    private readonly ClusterCaller _caller;
    private readonly OperationTurns _turns;
    private readonly WriteSession _session;
    private readonly ArrayBufferWriter<byte> _encoded = new();

    /// <param name="platform">Clock, network and randomness.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public GraphClient(IPlatform platform, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _caller = new ClusterCaller(platform, options);
        _turns = new OperationTurns(platform.Clock, options.OperationLimit, options.OperationsMax, nameof(GraphClient));
        _session = new WriteSession(SubmitAsync);
    }

    /// <summary>The session and number under which the last write was sent: its name in the log. Session 0 if it never was.</summary>
    public (ulong Session, ulong Request) LastWrite => (_session.Id, _session.LastRequest);

    /// <summary>
    /// Applies a command exactly once; returns when it is acknowledged as the cluster is configured, but not before it is applied, with what the graph made of it.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">It was sent, and nobody can tell whether it is applied.</exception>
    /// <exception cref="RequestRefusedException">It cannot be served, or too many operations of this client wait; it was not applied.</exception>
    /// <exception cref="TimeoutException">No leader answered in time; it was not applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it was not applied.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped; it was not applied.</exception>
    public async Task<GraphOutcome> WriteAsync(GraphCommand command, CancellationToken cancellationToken) =>
        (await WriteAsync(command, RequestKind.Command, cancellationToken)).Outcome!;

    /// <summary>Applies a command at most once; returns when it is acknowledged in the way that is asked for.</summary>
    /// <returns>
    /// What the graph made of it; or, for a write that was to be acknowledged asynchronously, that the leader has it. Such a write is applied once or never, and nobody will say which.
    /// </returns>
    /// <exception cref="OutcomeUnknownException">It was sent, and nobody can tell whether it is applied, or not every member that was to have it has.</exception>
    /// <exception cref="RequestRefusedException">It cannot be served, or too many operations of this client wait; it was not applied.</exception>
    /// <exception cref="TimeoutException">No leader answered in time; it was not applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it was not applied.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped; it was not applied.</exception>
    public async Task<WriteAnswer> WriteAsync(GraphCommand command, WriteAcknowledgement acknowledgement, CancellationToken cancellationToken) =>
        await WriteAsync(command, KindOf(acknowledgement), cancellationToken);

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
        var attempts = new Attempts(_platform.Clock.Elapsed());
        return await _turns.RunAsync(
            async token =>
            {
                _encoded.ResetWrittenCount();
                query.Encode(_encoded);
                RequestKind kind = mode == ReadMode.Lease ? RequestKind.LeaseQuery : RequestKind.Query;
                ClientResponse answer = await _caller.CallAsync(kind, _encoded.WrittenMemory, attempts, token);
                return GraphAnswer.Decode(answer.Body.Span);
            },
            cancellationToken);
    }

    /// <summary>Ends the present operation and closes the connection. Idempotent, safe from anywhere.</summary>
    public Task StopAsync() => _turns.StopAsync(async () => await _caller.CloseAsync());

    private static RequestKind KindOf(WriteAcknowledgement acknowledgement) => acknowledgement switch
    {
        WriteAcknowledgement.ClusterDefault => RequestKind.DefaultCommand,
        WriteAcknowledgement.Asynchronous => RequestKind.AsynchronousCommand,
        WriteAcknowledgement.Quorum => RequestKind.QuorumCommand,
        WriteAcknowledgement.All => RequestKind.AllCommand,
        _ => throw new ArgumentOutOfRangeException(nameof(acknowledgement), acknowledgement, "not an acknowledgement"),
    };

    private async Task<WriteAnswer> WriteAsync(GraphCommand command, RequestKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var attempts = new Attempts(_platform.Clock.Elapsed());
        return await _turns.RunAsync(
            token =>
            {
                _encoded.ResetWrittenCount();
                command.Encode(_encoded);
                return _session.WriteAsync(kind, _encoded.WrittenMemory, attempts, token);
            },
            cancellationToken);
    }

    private async Task<CommandAnswer> SubmitAsync(RequestKind kind, ReadOnlyMemory<byte> command, Attempts attempts, CancellationToken cancellationToken)
    {
        ClientResponse answer = await _caller.CallAsync(kind, command, attempts, cancellationToken);
        return answer.Status == ResponseStatus.Accepted
            ? new CommandAnswer(null, AcceptedPosition.Decode(answer.Body.Span))
            : new CommandAnswer(ClientResult.Decode(answer.Body.Span));
    }
}
