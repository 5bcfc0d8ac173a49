namespace SimGraph.Simulation.Kernel;

/// <summary>Something that must hold and did not.</summary>
/// <param name="Class">Which kind of promise was broken.</param>
/// <param name="Name">Stable name of the check; equal for equal defects, so that failures can be grouped.</param>
/// <param name="Message">What was found.</param>
/// <param name="Step">The scheduler's step.</param>
/// <param name="At">Virtual time.</param>
public sealed record Violation(ViolationClass Class, string Name, string Message, long Step, TimeSpan At);
