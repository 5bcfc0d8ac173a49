namespace SimGraph.Properties.Primitives;

/// <summary>A failure that belongs to the trial.</summary>
internal sealed class PlannedException() : Exception("planned");
