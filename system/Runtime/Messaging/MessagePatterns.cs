namespace SimGraph.Runtime.Messaging;

/// <summary>What each pattern can do; shared by both sides of the seam.</summary>
public static class MessagePatterns
{
    /// <summary>Throws unless the socket may send the message.</summary>
    /// <exception cref="InvalidOperationException">The pattern does not send.</exception>
    /// <exception cref="ArgumentException">A router's message needs an identity and something to send.</exception>
    public static void RequireSending(MessageSocketKind kind, Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (kind is MessageSocketKind.Subscriber or MessageSocketKind.Pull)
        {
            throw new InvalidOperationException($"a {kind} socket does not send");
        }

        if (kind == MessageSocketKind.Router && message.Count < 2)
        {
            throw new ArgumentException("a router sends to the identity in the first frame: there must be another frame behind it", nameof(message));
        }
    }

    /// <summary>Throws unless the socket may receive.</summary>
    /// <exception cref="InvalidOperationException">The pattern does not receive.</exception>
    public static void RequireReceiving(MessageSocketKind kind)
    {
        if (kind is MessageSocketKind.Publisher or MessageSocketKind.Push)
        {
            throw new InvalidOperationException($"a {kind} socket does not receive");
        }
    }

    /// <summary>Throws unless the socket may subscribe.</summary>
    /// <exception cref="InvalidOperationException">Not a subscriber.</exception>
    public static void RequireSubscribing(MessageSocketKind kind)
    {
        if (kind != MessageSocketKind.Subscriber)
        {
            throw new InvalidOperationException($"a {kind} socket does not subscribe");
        }
    }

    /// <summary>Whether two sockets talk with each other.</summary>
    public static bool Pair(MessageSocketKind first, MessageSocketKind second) => first switch
    {
        MessageSocketKind.Publisher => second == MessageSocketKind.Subscriber,
        MessageSocketKind.Subscriber => second == MessageSocketKind.Publisher,
        MessageSocketKind.Router => second == MessageSocketKind.Dealer,
        MessageSocketKind.Dealer => second == MessageSocketKind.Router,
        MessageSocketKind.Push => second == MessageSocketKind.Pull,
        _ => second == MessageSocketKind.Push,
    };
}
