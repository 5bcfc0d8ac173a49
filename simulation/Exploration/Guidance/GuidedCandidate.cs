using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>A run that is to be made.</summary>
/// <param name="Case">Which.</param>
/// <param name="IsFresh">Whether its plan was drawn from its seed; false for a variant.</param>
internal sealed record GuidedCandidate(FailingCase Case, bool IsFresh);
