namespace SimGraph.Simulation.Kernel;

/// <summary>The kinds of failure. The value is the exit code of the command line.</summary>
public enum ViolationClass
{
    /// <summary>Something bad happened.</summary>
    Safety = 2,

    /// <summary>Something good did not happen in time.</summary>
    Liveness = 3,

    /// <summary>Something outlived Stop.</summary>
    Leak = 4,

    /// <summary>The run is not a function of its choices.</summary>
    Nondeterminism = 5,

    /// <summary>The system threw what nobody expected.</summary>
    Unhandled = 6,

    /// <summary>The scenario or the simulator failed.</summary>
    Harness = 7,
}
