namespace SimGraph.Simulation.Network;

/// <summary>Something on its way in one direction of a connection.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Number of bytes, for data.</param>
/// <param name="Arrival">Virtual time, in ticks, at which it arrives if nothing is in the way.</param>
/// <param name="Cause">The trace event that sent it.</param>
internal readonly record struct Flight(FlightKind Kind, int Length, long Arrival, long Cause);
