namespace SimGraph.Replication.Wire;

/// <summary>What a client asks for. Values are part of the wire format.</summary>
internal enum RequestKind : byte
{
    /// <summary>Replicate and apply a command of the state machine, and answer with its result: acknowledged as the cluster is configured, but never before it is applied.</summary>
    Command = 1,

    /// <summary>Answer a query, linearizably.</summary>
    Query = 2,

    /// <summary>Answer a query, linearizably as long as clocks keep to the stated bound: by the leader's lease if it has one.</summary>
    LeaseQuery = 3,

    /// <summary>Change the membership or the leader, or tell them: <see cref="AdministrationRequest"/>.</summary>
    Administration = 4,

    /// <summary>A command, acknowledged as the cluster is configured.</summary>
    DefaultCommand = 5,

    /// <summary>A command, acknowledged when the leader's own disk has it.</summary>
    AsynchronousCommand = 6,

    /// <summary>A command, acknowledged when it is applied.</summary>
    QuorumCommand = 7,

    /// <summary>A command, acknowledged when it is applied and every member has it durably.</summary>
    AllCommand = 8,

    /// <summary>Give a part of the state or of the log to somebody who takes a backup; any member does: <see cref="Backup.Wire.BackupRequest"/>.</summary>
    Backup = 9,
}
