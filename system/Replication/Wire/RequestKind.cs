namespace SimGraph.Replication.Wire;

/// <summary>What a client asks for. Values are part of the wire format.</summary>
internal enum RequestKind : byte
{
    /// <summary>Replicate and apply a command of the state machine.</summary>
    Command = 1,

    /// <summary>Answer a query, linearizably.</summary>
    Query = 2,
}
