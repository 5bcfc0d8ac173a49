namespace SimGraph.Replication.StateMachine;

/// <summary>One client session: the last request that was answered, its result, and its place in the order of use.</summary>
internal sealed class ClientSession(ulong id)
{
    /// <summary>Index of the log entry that opened it.</summary>
    public ulong Id { get; } = id;

    /// <summary>Number of the last request that was answered; 0 before the first.</summary>
    public ulong LastRequest { get; set; }

    /// <summary>Encoded result of that request; empty before the first.</summary>
    public ReadOnlyMemory<byte> LastResult { get; set; }

    /// <summary>Index of the last log entry that named it.</summary>
    public ulong LastUsed { get; set; } = id;

    /// <summary>Hash of all of the above, as it is in the digest of the table.</summary>
    public UInt128 Digest { get; set; }

    /// <summary>The next one that was used less recently.</summary>
    public ClientSession? Older { get; set; }

    /// <summary>The next one that was used more recently.</summary>
    public ClientSession? Newer { get; set; }
}
