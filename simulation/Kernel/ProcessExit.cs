namespace SimGraph.Simulation.Kernel;

/// <summary>How a process ended.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Failure">The exception that ended the program, for <see cref="ProcessExitKind.Failed"/>.</param>
public sealed record ProcessExit(ProcessExitKind Kind, Exception? Failure = null);
