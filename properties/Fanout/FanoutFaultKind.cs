namespace SimGraph.Properties.Fanout;

/// <summary>What the script of a fan-out run does. Values are part of the plan's choices.</summary>
public enum FanoutFaultKind
{
    /// <summary>A machine is killed and restarts.</summary>
    Crash,

    /// <summary>A machine loses power and restarts.</summary>
    PowerLoss,

    /// <summary>A machine is stopped in order, wherever it is, and restarts.</summary>
    Stop,

    /// <summary>A machine is cut off from all others.</summary>
    CutOff,

    /// <summary>The link between two machines is cut.</summary>
    Partition,

    /// <summary>A machine stands still.</summary>
    Pause,

    /// <summary>A read replica loses its disk and restarts. Another machine just crashes.</summary>
    Wipe,

    /// <summary>The link between two machines is slow.</summary>
    Slow,
}
