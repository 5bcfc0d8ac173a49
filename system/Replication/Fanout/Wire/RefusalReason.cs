namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Why a request is not served. Values are part of the wire format.</summary>
internal enum RefusalReason : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>Too much to do: ask again later.</summary>
    Busy = 1,

    /// <summary>The member has not applied what is asked for.</summary>
    NothingNewer = 2,

    /// <summary>The member sends no such state, or no longer.</summary>
    NoTransfer = 3,
}
