namespace SimGraph.Replication.StateMachine;

/// <summary>What a <see cref="ClientCommand"/> does. Values are part of the log and wire formats.</summary>
public enum ClientCommandKind : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>Opens a session.</summary>
    OpenSession = 1,

    /// <summary>Applies a graph command, once for each request number.</summary>
    Write = 2,
}
