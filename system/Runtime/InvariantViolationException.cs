namespace SimGraph.Runtime;

/// <summary>An invariant of the code does not hold: a bug, never a condition of the environment. Nothing catches it.</summary>
public sealed class InvariantViolationException(string message) : Exception(message);
