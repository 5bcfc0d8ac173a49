namespace SimGraph.Properties.Discovery;

/// <summary>What the script can do.</summary>
public enum DiscoveryFaultKind
{
    /// <summary>kill -9, and a boot after the duration.</summary>
    Crash,

    /// <summary>No power for the duration.</summary>
    PowerLoss,

    /// <summary>A graceful stop, and a boot after the duration.</summary>
    Restart,

    /// <summary>The process stands still.</summary>
    Pause,

    /// <summary>The machine loses its disk while it is off, and comes back with its old identity.</summary>
    Wipe,

    /// <summary>Another machine runs with the node's identity and an empty disk.</summary>
    Clone,

    /// <summary>The wall clock jumps.</summary>
    ClockJump,

    /// <summary>The clocks change their rate.</summary>
    ClockDrift,

    /// <summary>The machine is cut off from all others.</summary>
    Isolate,

    /// <summary>The nodes fall into two halves.</summary>
    Split,

    /// <summary>One direction between two nodes is cut.</summary>
    OneWayCut,

    /// <summary>Names do not resolve.</summary>
    NamesFail,

    /// <summary>Names do not answer.</summary>
    NamesHang,
}
