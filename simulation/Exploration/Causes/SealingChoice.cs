using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>The choice behind which no course was found that does not fail.</summary>
/// <param name="Number">Its number in the run, from 1.</param>
/// <param name="Choice">What was chosen.</param>
/// <param name="Event">The last event before it; null when it came before all events.</param>
public sealed record SealingChoice(long Number, MadeChoice Choice, TraceRecord? Event);
