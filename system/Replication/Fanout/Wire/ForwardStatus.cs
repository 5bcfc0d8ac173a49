namespace SimGraph.Replication.Fanout.Wire;

/// <summary>What became of a forwarded command. Values are part of the wire format.</summary>
internal enum ForwardStatus : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>Committed and applied; the body is its result.</summary>
    Done = 1,

    /// <summary>No member will ever serve it; it was not applied.</summary>
    Refused = 2,

    /// <summary>No leader answered; it may have been applied. Send it again with the same ticket and bytes.</summary>
    Unknown = 3,
}
