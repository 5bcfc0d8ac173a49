namespace SimGraph.Simulation.Messaging;

/// <summary>How a message can be lost. Counted as faults of the run, under <c>messages.</c> and the name in lower case with dashes.</summary>
internal enum MessageLoss
{
    /// <summary>A publisher dropped it for a subscriber that was at its mark.</summary>
    SubscriberAtMark,

    /// <summary>A publisher had a peer that has not subscribed to it, or not yet: the slow joiner.</summary>
    NotSubscribed,

    /// <summary>A router dropped it for a peer that was at its mark.</summary>
    PeerAtMark,

    /// <summary>A router knew no peer of that identity.</summary>
    UnknownPeer,

    /// <summary>It waited for a peer whose connection broke, on the side that binds.</summary>
    PeerLeft,

    /// <summary>It was given to a connection that broke; it may have arrived.</summary>
    ConnectionBroke,

    /// <summary>It was unsent when its socket was disposed.</summary>
    SocketClosed,

    /// <summary>A frame was larger than the receiver allows; the connection was closed.</summary>
    TooLarge,
}
