// Proposes commands on behalf of those who cannot reach the leader themselves. Each worker asks the cluster as any client would, with the caller's own session
// and request number inside the command: so a command that is forwarded again, here or at another member, is applied once. A ticket that is being worked on
// is not taken a second time.

using System.Text;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Takes forwarded commands from a PULL socket and brings them to the leader.</summary>
internal sealed class ForwardDesk(IPlatform platform, PublisherOptions options, IMessageSocket pull, Mailbox<Message> replies, FanoutCounters counters)
{
    private readonly object _gate = new();
    private readonly AsyncLock _turn = new();
    private readonly HashSet<(string ReplyTo, ulong Ticket)> _underWay = [];
    private readonly Mailbox<ForwardRequest> _waiting = new(options.ForwardsMax);

    /// <summary>Takes commands from the socket; waits when too many wait for the leader, and so lets the senders feel it.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Message message = await pull.ReceiveAsync(cancellationToken);
            if (Read(message) is { } request && Begin(request))
            {
                await _waiting.PostAsync(request, cancellationToken);
            }
        }
    }

    /// <summary>Brings commands to the leader, one at a time. Several may run.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var caller = new ClusterCaller(platform, options.Cluster);
        try
        {
            while (true)
            {
                ForwardRequest request = await TakeAsync(cancellationToken);
                ForwardReply reply = await AskAsync(caller, request, cancellationToken);
                lock (_gate)
                {
                    _underWay.Remove((request.ReplyTo, request.Ticket));
                }

                await replies.PostAsync(new Message(Encoding.UTF8.GetBytes(request.ReplyTo), reply.Encode()), cancellationToken);
            }
        }
        finally
        {
            await caller.CloseAsync();
        }
    }

    private async Task<ForwardRequest> TakeAsync(CancellationToken cancellationToken)
    {
        // The mailbox has one waiting reader at a time.
        using AsyncLock.Holder turn = await _turn.EnterAsync(cancellationToken);
        while (true)
        {
            if (_waiting.TryReceive(out ForwardRequest request))
            {
                return request;
            }

            await _waiting.WaitToReceiveAsync(cancellationToken);
        }
    }

    private ForwardRequest? Read(Message message)
    {
        try
        {
            return message.Count == 1 && FanoutReader.KindOf(message[0].Span) == FanoutKind.Forward
                ? ForwardRequest.Decode(message[0])
                : throw new ProtocolException("not a forward");
        }
        catch (ProtocolException)
        {
            counters.Malformed();
            return null;
        }
    }

    private bool Begin(ForwardRequest request)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _underWay.Add((request.ReplyTo, request.Ticket));
        }

        if (!isNew)
        {
            platform.Probes.Reachable("fanout.duplicate-forward-refused");
        }

        return isNew;
    }

    private async Task<ForwardReply> AskAsync(ClusterCaller caller, ForwardRequest request, CancellationToken cancellationToken)
    {
        try
        {
            ClientResponse response = await caller.CallAsync(
                RequestKind.Command, request.Command, new Attempts(platform.Clock.Elapsed()), cancellationToken);
            return new ForwardReply(request.Ticket, ForwardStatus.Done, response.Body);
        }
        catch (RequestRefusedException exception)
        {
            return new ForwardReply(request.Ticket, ForwardStatus.Refused, Encoding.UTF8.GetBytes(exception.Message));
        }
        catch (TimeoutException exception)
        {
            return new ForwardReply(request.Ticket, ForwardStatus.Unknown, Encoding.UTF8.GetBytes(exception.Message));
        }
    }
}
