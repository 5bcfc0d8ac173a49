// Which peer a message goes to, and whose message is next: the routing of the patterns. Pipes are in the order in which they came; turns go round.

using SimGraph.Runtime.Messaging;

namespace SimGraph.Simulation.Messaging;

/// <summary>The pipes of one socket.</summary>
internal sealed class PipeSet(MessageSocketKind kind, Action<MessageLoss, int> lost)
{
    private readonly List<MessagePipe> _pipes = [];
    private int _nextSend;
    private int _nextReceive;
    private uint _namedPeers;

    public IReadOnlyList<MessagePipe> All => _pipes;

    public void Add(MessagePipe pipe) => _pipes.Add(pipe);

    /// <summary>A connection serves the pipe from now on. A router learns or gives its name; an older peer of that name is cut off.</summary>
    public void Attach(MessagePipe pipe, byte[] identity)
    {
        pipe.IsAttached = true;
        if (kind != MessageSocketKind.Router)
        {
            return;
        }

        if (identity.Length == 0)
        {
            pipe.Identity = [0, .. BitConverter.GetBytes(++_namedPeers)];
            return;
        }

        if (FindPeer(identity) is { } older && older != pipe)
        {
            End(older);
            older.Cut?.Invoke();
        }

        pipe.Identity = identity;
    }

    /// <summary>The connection that served the pipe is gone.</summary>
    public void Detach(MessagePipe pipe)
    {
        pipe.IsAttached = false;
        pipe.Cut = null;
        if (!pipe.OutlivesConnection)
        {
            End(pipe);
        }
    }

    /// <summary>Sends by the rules of the pattern, without waiting.</summary>
    public SendOutcome TrySend(Message message) => kind switch
    {
        MessageSocketKind.Publisher => Publish(message),
        MessageSocketKind.Router => Route(message),
        _ => SendInTurn(message),
    };

    /// <summary>The next message, of the peers in turn.</summary>
    public Message? TryReceive()
    {
        for (int i = 0; i < _pipes.Count; i++)
        {
            int at = (_nextReceive + i) % _pipes.Count;
            MessagePipe pipe = _pipes[at];
            if (!pipe.HasIncoming)
            {
                continue;
            }

            Message message = pipe.Receive();
            _nextReceive = at + 1;
            RemoveIfDone(pipe);
            return kind == MessageSocketKind.Router ? message.Prepend(pipe.Identity) : message;
        }

        return null;
    }

    /// <summary>The socket is disposed: what is unsent is lost.</summary>
    public void Close()
    {
        foreach (MessagePipe pipe in _pipes)
        {
            pipe.HasEnded = true;
            lost(MessageLoss.SocketClosed, kind == MessageSocketKind.Subscriber ? 0 : pipe.DropOutgoing());
        }

        _pipes.Clear();
    }

    private SendOutcome Publish(Message message)
    {
        var item = new MessageItem(MessageItemKind.Message, message);
        foreach (MessagePipe pipe in _pipes)
        {
            if (pipe.HasEnded)
            {
                continue;
            }

            if (!pipe.Subscriptions.Matches(message[0].Span))
            {
                lost(MessageLoss.NotSubscribed, 1);
            }
            else if (pipe.HasSendRoom)
            {
                pipe.Send(item);
            }
            else
            {
                lost(MessageLoss.SubscriberAtMark, 1);
            }
        }

        return SendOutcome.Queued;
    }

    private SendOutcome Route(Message message)
    {
        if (FindPeer(message[0].Span) is not { } pipe)
        {
            lost(MessageLoss.UnknownPeer, 1);
            return SendOutcome.Unreachable;
        }

        if (!pipe.HasSendRoom)
        {
            lost(MessageLoss.PeerAtMark, 1);
            return SendOutcome.Full;
        }

        pipe.Send(new MessageItem(MessageItemKind.Message, message.WithoutFirst()));
        return SendOutcome.Queued;
    }

    private SendOutcome SendInTurn(Message message)
    {
        for (int i = 0; i < _pipes.Count; i++)
        {
            int at = (_nextSend + i) % _pipes.Count;
            if (_pipes[at].HasSendRoom)
            {
                _pipes[at].Send(new MessageItem(MessageItemKind.Message, message));
                _nextSend = at + 1;
                return SendOutcome.Queued;
            }
        }

        return SendOutcome.Full;
    }

    private MessagePipe? FindPeer(ReadOnlySpan<byte> identity)
    {
        foreach (MessagePipe pipe in _pipes)
        {
            if (!pipe.HasEnded && pipe.Identity.Length > 0 && identity.SequenceEqual(pipe.Identity))
            {
                return pipe;
            }
        }

        return null;
    }

    private void End(MessagePipe pipe)
    {
        if (!pipe.HasEnded)
        {
            pipe.HasEnded = true;
            int unsent = pipe.DropOutgoing();
            lost(MessageLoss.PeerLeft, kind == MessageSocketKind.Subscriber ? 0 : unsent);
        }

        RemoveIfDone(pipe);
    }

    private void RemoveIfDone(MessagePipe pipe)
    {
        if (pipe.HasEnded && !pipe.HasIncoming)
        {
            _pipes.Remove(pipe);
        }
    }
}
