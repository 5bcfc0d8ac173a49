// Writes for those who reach the cluster by message sockets only. A command is pushed to the members in turn and the reply comes from the ROUTER of the one
// that took it. Messages may be lost in silence, so what is not answered in time is sent again: same ticket, same bytes. The command carries session and
// request number, so it is applied exactly once, by whichever members it came to. What cannot be decided is said to be unknown.
//
// A DEALER that only receives never learns that the other end of a connection is gone without a word: after some replies were missed, the sockets are opened anew.
//
// Concurrency model: operations take turns; the one whose turn it is sends and receives. No task of its own.

using System.Buffers;
using System.Text;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.Fanout.Forwarding;

/// <summary>Forwards writes to a cluster over message sockets. Thread-safe; one operation at a time.</summary>
public sealed class ForwardingClient
{
    // Missed replies in a row after which the connections are not trusted any more.
    private const int MissedMax = 2;

    private readonly IPlatform _platform;
    private readonly ForwardingOptions _options;
    private readonly string _identity;
    private readonly OperationTurns _turns;
    private readonly WriteSession _session;
    private IMessageSocket? _push;
    private IMessageSocket? _dealer;
    private int _missed;
    private ulong _ticket;

    /// <param name="platform">Everything outside.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public ForwardingClient(IPlatform platform, ForwardingOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _identity = $"w/{options.Name}";
        _turns = new OperationTurns(platform.Clock, options.OperationLimit, options.OperationsMax, nameof(ForwardingClient));
        _session = new WriteSession(async (_, command, attempts, token) => new CommandAnswer(await ForwardAsync(command, attempts, token)));

        // Replies to an earlier life of the same name must not be taken for this one's.
        _ticket = (ulong)platform.Random.Get("forwarding.ticket").NextInt64(1, long.MaxValue / 2);
    }

    /// <summary>Applies a command exactly once; returns when it is committed, with what the graph made of it.</summary>
    /// <exception cref="OutcomeUnknownException">It was forwarded, and nobody can tell whether it is applied.</exception>
    /// <exception cref="RequestRefusedException">It cannot be served, or too many operations of this client wait; it was not applied.</exception>
    /// <exception cref="TimeoutException">No member answered in time; it was not applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it was not applied.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped; it was not applied.</exception>
    public async Task<GraphOutcome> WriteAsync(GraphCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var attempts = new Attempts(_platform.Clock.Elapsed());
        return await _turns.RunAsync(
            async token =>
            {
                var encoded = new ArrayBufferWriter<byte>();
                command.Encode(encoded);
                return (await _session.WriteAsync(RequestKind.Command, encoded.WrittenMemory, attempts, token)).Outcome!;
            },
            cancellationToken);
    }

    /// <summary>Ends the present operation and closes the sockets. Idempotent, safe from anywhere.</summary>
    public Task StopAsync() => _turns.StopAsync(CloseAsync);

    private async Task<ClientResult> ForwardAsync(ReadOnlyMemory<byte> command, Attempts attempts, CancellationToken token)
    {
        ulong ticket = ++_ticket;
        var message = new Message(new ForwardRequest(_identity, ticket, command).Encode());
        while (true)
        {
            if (_platform.Clock.Elapsed() - attempts.StartedAt >= _options.OperationLimit)
            {
                throw new TimeoutException(
                    $"no member answered within {_options.OperationLimit.TotalSeconds:0.###} s; last failure: {attempts.LastFailure}");
            }

            await OpenAsync(token);
            using var deadline = Deadline.After(_platform.Clock, _options.ReplyLimit, token);
            try
            {
                await _push!.SendAsync(message, deadline.Token);
                bool wasSent = attempts.MayBeApplied;
                attempts.MayBeApplied = true;
                ForwardReply reply = await ReceiveAsync(ticket, deadline.Token);
                _missed = 0;
                if (reply.Status == ForwardStatus.Done)
                {
                    // An answer decides: what it says holds for every attempt with these bytes.
                    attempts.MayBeApplied = wasSent && attempts.MayBeApplied;
                    return ClientResult.Decode(reply.Body.Span);
                }

                Judge(reply, attempts, wasSent);
            }
            catch (OperationCanceledException) when (deadline.Expired)
            {
                attempts.LastFailure = $"no reply within {_options.ReplyLimit.TotalSeconds:0.###} s";
                if (++_missed >= MissedMax)
                {
                    await CloseAsync();
                }
            }

            _platform.Probes.Reachable("fanout.forwarded-again");
        }
    }

    private static void Judge(ForwardReply reply, Attempts attempts, bool wasSent)
    {
        attempts.LastFailure = Encoding.UTF8.GetString(reply.Body.Span);
        if (reply.Status == ForwardStatus.Refused)
        {
            attempts.MayBeApplied = wasSent;
            throw new RequestRefusedException($"the cluster refused the command: {attempts.LastFailure}");
        }
    }

    private async Task<ForwardReply> ReceiveAsync(ulong ticket, CancellationToken cancellationToken)
    {
        while (true)
        {
            Message message = await _dealer!.ReceiveAsync(cancellationToken);
            try
            {
                if (FanoutReader.KindOf(message[0].Span) == FanoutKind.ForwardReply
                    && ForwardReply.Decode(message[0]) is var reply
                    && reply.Ticket == ticket)
                {
                    return reply;
                }
            }
            catch (ProtocolException)
            {
                // Not for us; the deadline goes on.
            }
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_dealer is not null)
        {
            return;
        }

        _push = _platform.Messaging.Open(MessageSocketKind.Push, new MessageSocketOptions());
        _dealer = _platform.Messaging.Open(MessageSocketKind.Dealer, new MessageSocketOptions { Identity = Encoding.UTF8.GetBytes(_identity) });
        foreach (ForwardingTarget target in _options.Targets)
        {
            await _push.ConnectAsync(target.ForwardAddress, cancellationToken);
            await _dealer.ConnectAsync(target.ControlAddress, cancellationToken);
        }
    }

    private async Task CloseAsync()
    {
        _missed = 0;
        if (_push is { } push)
        {
            _push = null;
            await push.DisposeAsync();
        }

        if (_dealer is { } dealer)
        {
            _dealer = null;
            await dealer.DisposeAsync();
        }
    }
}
