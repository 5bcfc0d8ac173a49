namespace SimGraph.Simulation.Kernel;

/// <summary>What can outlive a stop.</summary>
public enum LedgerKind
{
    /// <summary>A task started in a scope, or a program's main task.</summary>
    Task,

    /// <summary>A timer that has not fired for the last time and was not disposed.</summary>
    Timer,

    /// <summary>One end of a connection, open or being opened.</summary>
    Connection,

    /// <summary>A listener.</summary>
    Listener,

    /// <summary>An open file.</summary>
    FileHandle,

    /// <summary>A message socket.</summary>
    MessageSocket,
}
