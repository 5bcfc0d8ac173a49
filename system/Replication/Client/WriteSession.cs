// The session under which the writes of one client go: opened with the first write, opened anew when the cluster has forgotten it. Each write has a number of its own, and whoever sends it
// again sends the same bytes, so it is applied once (dissertation, section 6.3). What cannot be decided is said to be unknown, never failed or done. A write that is acknowledged
// asynchronously is not sent again once it is accepted, and so may be lost; it is applied at most once all the same, under a number that no later write takes.
//
// Concurrency model: one write at a time; its owner sees to that.

using System.Buffers;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Client;

/// <summary>Writes exactly once through whatever brings commands to the cluster.</summary>
internal sealed class WriteSession(WriteSession.Submission submit)
{
    private readonly ArrayBufferWriter<byte> _command = new();

    /// <summary>Brings a command to the cluster until it is answered; counts in the attempts whether it may be applied unanswered. The bytes are the session's, for the time of the call.</summary>
    public delegate Task<CommandAnswer> Submission(RequestKind kind, ReadOnlyMemory<byte> command, Attempts attempts, CancellationToken cancellationToken);

    /// <summary>The session; 0 while there is none.</summary>
    public ulong Id { get; private set; }

    /// <summary>The number of the last write.</summary>
    public ulong LastRequest { get; private set; }

    /// <summary>Writes an encoded graph command, acknowledged as its kind says.</summary>
    /// <exception cref="OutcomeUnknownException">It was sent, and nobody can tell whether it is applied.</exception>
    /// <exception cref="RequestRefusedException">It cannot be served; it was not applied.</exception>
    /// <exception cref="TimeoutException">Nobody answered in time; it was not applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it was not applied.</exception>
    public async Task<WriteAnswer> WriteAsync(RequestKind kind, ReadOnlyMemory<byte> graphCommand, Attempts attempts, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteInSessionAsync(kind, graphCommand, attempts, cancellationToken);
        }
        catch (Exception exception) when (
            attempts.MayBeApplied && exception is OperationCanceledException or TimeoutException or RequestRefusedException or ObjectDisposedException)
        {
            throw new OutcomeUnknownException($"the write was sent, and no answer came: {attempts.LastFailure}", exception);
        }
        catch (FormatException exception)
        {
            throw new OutcomeUnknownException("the write was answered, and the answer cannot be read", exception);
        }
    }

    private async Task<WriteAnswer> WriteInSessionAsync(
        RequestKind kind, ReadOnlyMemory<byte> graphCommand, Attempts attempts, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Id == 0)
            {
                await OpenAsync(attempts.StartedAt, cancellationToken);
            }

            CommandAnswer answer = await SubmitAsync(kind, ClientCommand.Write(Id, ++LastRequest, graphCommand), attempts, cancellationToken);
            if (answer.Result is not { } result)
            {
                return WriteAnswer.Accepted(answer.AcceptedAt);
            }

            switch (result.Status)
            {
                case ClientResultStatus.Answered when result.Outcome is { } outcome:
                    return WriteAnswer.Applied(outcome);
                case ClientResultStatus.SessionExpired or ClientResultStatus.StaleRequest:
                    // The answer says that this attempt changed nothing; an earlier one, unanswered, may have.
                    Id = 0;
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

    private async Task OpenAsync(TimeSpan startedAt, CancellationToken cancellationToken)
    {
        // Attempts of its own: a session opened twice harms nobody, so nothing about the write becomes unknown here.
        CommandAnswer answer = await SubmitAsync(RequestKind.QuorumCommand, ClientCommand.OpenSession, new Attempts(startedAt), cancellationToken);
        if (answer.Result is not { Status: ClientResultStatus.SessionOpened } result)
        {
            throw new RequestRefusedException($"the cluster answered the opening of a session with {answer.Result?.Status}");
        }

        Id = result.Session;
        LastRequest = 0;
    }

    private Task<CommandAnswer> SubmitAsync(RequestKind kind, ClientCommand command, Attempts attempts, CancellationToken cancellationToken)
    {
        _command.ResetWrittenCount();
        command.Encode(_command);
        return submit(kind, _command.WrittenMemory, attempts, cancellationToken);
    }
}
