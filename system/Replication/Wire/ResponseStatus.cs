namespace SimGraph.Replication.Wire;

/// <summary>How a client's request ended. Values are part of the wire format.</summary>
internal enum ResponseStatus : byte
{
    /// <summary>Done; the body is the state machine's result.</summary>
    Done = 1,

    /// <summary>Not the leader; nothing was done. The body is a <see cref="LeaderHint"/>.</summary>
    NotLeader = 2,

    /// <summary>The leader has too much to do, is too new, or what was asked for is not possible yet; nothing was done. The body is a text.</summary>
    Busy = 3,

    /// <summary>The node stops; nothing was done. The body is a text.</summary>
    Stopping = 4,

    /// <summary>The command was in the log when leadership or the node ended: it may or may not be applied. The body is a <see cref="LeaderHint"/>.</summary>
    OutcomeUnknown = 5,

    /// <summary>The request cannot be served by any node; nothing was done. The body is a text.</summary>
    Invalid = 6,

    /// <summary>The cluster as it is does not allow it; nothing was done. The body is a text.</summary>
    Refused = 7,

    /// <summary>
    /// The leader's own disk has the command, and it is not known to be replicated. The body is an <see cref="AcceptedPosition"/>. Only for a command that was to be acknowledged asynchronously.
    /// </summary>
    Accepted = 8,
}
