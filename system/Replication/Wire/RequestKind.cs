namespace SimGraph.Replication.Wire;

/// <summary>What a client asks for. Values are part of the wire format.</summary>
internal enum RequestKind : byte
{
    /// <summary>Replicate and apply a command of the state machine.</summary>
    Command = 1,

    /// <summary>Answer a query, linearizably.</summary>
    Query = 2,

    /// <summary>Answer a query, linearizably as long as clocks keep to the stated bound: by the leader's lease if it has one.</summary>
    LeaseQuery = 3,

    /// <summary>Change the membership or the leader, or tell them: <see cref="AdministrationRequest"/>.</summary>
    Administration = 4,

    /// <summary>Give a part of the state or of the log to somebody who takes a backup; any member does: <see cref="Backup.Wire.BackupRequest"/>.</summary>
    Backup = 5,
}
