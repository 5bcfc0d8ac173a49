namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>A plan that differs from another in one way.</summary>
/// <param name="Key">Says in which; equal for the same edit of a plan that was edited elsewhere meanwhile.</param>
/// <param name="Plan">The edited plan.</param>
internal sealed record PlanEdit(string Key, object Plan);
