namespace SimGraph.Storage.Log;

/// <summary>What the payload of a <see cref="LogEntry"/> is. Values are part of the on-disk and wire formats.</summary>
public enum LogEntryKind : byte
{
    /// <summary>Empty entry that a new leader commits to learn what is committed.</summary>
    NoOperation = 0,

    /// <summary>A command for the state machine.</summary>
    Command = 1,

    /// <summary>A configuration of the cluster, which counts from the moment it is appended.</summary>
    Membership = 2,
}
