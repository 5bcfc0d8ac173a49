namespace SimGraph.Simulation.Trace;

/// <summary>One recorded event.</summary>
/// <param name="Number">Position in the trace; the first is 1.</param>
/// <param name="Cause">Number of the event that led to it; 0 for none.</param>
/// <param name="At">Virtual time.</param>
/// <param name="Step">The scheduler's step.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Task">Path of the running task; null during a timed event.</param>
/// <param name="Kind">What happened.</param>
/// <param name="First">Its first number; what it means depends on the kind.</param>
/// <param name="Second">Its second number.</param>
/// <param name="Text">More, for a reader.</param>
public sealed record TraceRecord(
    long Number, long Cause, TimeSpan At, long Step, string Machine, string? Task, TraceKind Kind, long First, long Second, string? Text);
