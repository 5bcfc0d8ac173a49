namespace SimGraph.Runtime.Messaging;

/// <summary>The ZeroMQ patterns. Publisher pairs with subscriber, router with dealer, push with pull; other pairs refuse each other.</summary>
public enum MessageSocketKind
{
    /// <summary>Sends to every subscriber whose topics match; drops, silently, for one that is at its mark.</summary>
    Publisher,

    /// <summary>Receives what it subscribed to; its subscriptions travel to the publishers.</summary>
    Subscriber,

    /// <summary>Receives with the sender's identity in front, sends to the identity in front; drops for one that is unknown or at its mark.</summary>
    Router,

    /// <summary>Sends to its peers in turn, and waits while all are at their mark.</summary>
    Dealer,

    /// <summary>Sends to its peers in turn, and waits while all are at their mark.</summary>
    Push,

    /// <summary>Receives from its peers in turn.</summary>
    Pull,
}
