namespace SimGraph.Simulation.Kernel;

/// <summary>The ways in which a process ends.</summary>
public enum ProcessExitKind
{
    /// <summary>Its program returned: a graceful stop, after which the ledger must be empty.</summary>
    Returned,

    /// <summary>Its program threw: the process aborted.</summary>
    Failed,

    /// <summary>Killed: memory is gone, what it wrote to files stays in the page cache, the kernel resets its connections.</summary>
    Crashed,

    /// <summary>Power was cut: what was not flushed is at the mercy of the disk, peers see silence.</summary>
    PowerLost,
}
