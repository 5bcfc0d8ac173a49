namespace SimGraph.Replication.Backup.Wire;

/// <summary>What somebody who takes a backup asks a member for. Values are part of the wire format.</summary>
internal enum BackupAction : byte
{
    /// <summary>Freeze the state; it belongs to the connection, in the place of one that was frozen before.</summary>
    Freeze = 0,

    /// <summary>A chunk of the frozen state: the next one.</summary>
    Chunk = 1,

    /// <summary>Committed entries behind a position.</summary>
    Entries = 2,

    /// <summary>Let the frozen state go.</summary>
    Release = 3,
}
