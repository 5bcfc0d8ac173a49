using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;

namespace SimGraph.Simulation.Messaging;

/// <summary>
/// What a socket holds for one peer. On the side that connects it outlives the connection; on the side that binds it lives as long as the connection, and
/// then until what has arrived is received.
/// </summary>
internal sealed class MessagePipe(bool outlivesConnection, int sendMark, int receiveMark)
{
    private readonly Queue<MessageItem> _outgoing = new();
    private readonly Queue<Message> _incoming = new();

    /// <summary>True on the side that connects.</summary>
    public bool OutlivesConnection => outlivesConnection;

    /// <summary>The peer's identity, as a router names it.</summary>
    public byte[] Identity { get; set; } = [];

    /// <summary>What the peer subscribed to.</summary>
    public TopicSet Subscriptions { get; } = new();

    /// <summary>True while a connection serves it.</summary>
    public bool IsAttached { get; set; }

    /// <summary>True once it takes nothing more in either direction.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Ends the connection that serves it.</summary>
    public Action? Cut { get; set; }

    /// <summary>Wakes whoever writes to the connection.</summary>
    public AsyncSignal OutgoingReady { get; } = new();

    /// <summary>Wakes whoever reads from the connection.</summary>
    public AsyncSignal IncomingRoom { get; } = new();

    public bool HasSendRoom => !HasEnded && _outgoing.Count < sendMark;

    public bool HasReceiveRoom => _incoming.Count < receiveMark;

    public bool HasIncoming => _incoming.Count > 0;

    public int UnsentCount => _outgoing.Count;

    public void Send(MessageItem item)
    {
        _outgoing.Enqueue(item);
        if (_outgoing.Count == 1)
        {
            OutgoingReady.Set();
        }
    }

    public bool TryTakeOutgoing(out MessageItem item) => _outgoing.TryDequeue(out item);

    public void Arrived(Message message) => _incoming.Enqueue(message);

    public Message Receive()
    {
        Message message = _incoming.Dequeue();
        IncomingRoom.Set();
        return message;
    }

    /// <summary>Forgets what is unsent, and says how much that was.</summary>
    public int DropOutgoing()
    {
        int count = _outgoing.Count;
        _outgoing.Clear();
        return count;
    }
}
