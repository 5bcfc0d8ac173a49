namespace SimGraph.Runtime.Messaging;

/// <summary>What became of a message that was given to a socket. None of them says that it arrives.</summary>
public enum SendOutcome
{
    /// <summary>It was taken. A publisher always says so: it drops, silently, for subscribers that are at their mark or have not subscribed yet.</summary>
    Queued,

    /// <summary>It was not taken: every peer it could go to is at its mark, or there is none.</summary>
    Full,

    /// <summary>It was not taken: a router knows no peer of that identity.</summary>
    Unreachable,
}
