// Everything that could differ between two runs is a choice, and one object answers every choice. What stands behind it decides the mode of the
// run: seeded exploration, exact replay of a recording, or Coyote's engine.

namespace SimGraph.Simulation.Choices;

/// <summary>Answers every choice of a run. Used by one run at a time, on its thread.</summary>
public interface IChoiceSource
{
    /// <summary>A number in [0, <paramref name="bound"/>).</summary>
    /// <param name="site">What is being chosen.</param>
    /// <param name="machine">Index of the machine it is chosen for; 0 is the world.</param>
    /// <param name="ordinal">How many choices of this site were made for this machine before.</param>
    /// <param name="bound">At least 1.</param>
    uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound);
}
