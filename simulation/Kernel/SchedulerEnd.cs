namespace SimGraph.Simulation.Kernel;

/// <summary>Why the scheduler returned.</summary>
internal enum SchedulerEnd
{
    /// <summary>The world halted it: the scenario ended, or a violation was found.</summary>
    Halted,

    /// <summary>Nothing is ready and nothing is scheduled.</summary>
    Idle,

    /// <summary>The run's limit of steps.</summary>
    StepLimit,

    /// <summary>The run's limit of virtual time.</summary>
    TimeLimit,

    /// <summary>The run was given up from outside.</summary>
    Aborted,
}
