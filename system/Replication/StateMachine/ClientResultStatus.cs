namespace SimGraph.Replication.StateMachine;

/// <summary>What became of a <see cref="ClientCommand"/>. Values are part of the stored state and of the wire format.</summary>
public enum ClientResultStatus : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>The session is open.</summary>
    SessionOpened = 1,

    /// <summary>The graph answered: <see cref="ClientResult.Outcome"/> says whether it applied or refused the command.</summary>
    Answered = 2,

    /// <summary>A later request of the session was answered before; this one was not applied now, and its result, if it had one, is forgotten.</summary>
    StaleRequest = 3,

    /// <summary>The session was never opened, or was evicted. Whether the request was applied in the past is not known.</summary>
    SessionExpired = 4,

    /// <summary>The bytes are not a command; nothing was applied.</summary>
    Malformed = 5,
}
