// Everything that could differ between two runs is a choice, and one object answers every choice. What stands behind it decides the mode of the
// run: seeded exploration, exact replay of a recording, or Coyote's engine.

using SimGraph.Simulation.Kernel;

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

    /// <summary>
    /// True if the source picks which ready continuation runs next, at every step, by <see cref="Pick"/>. False, the default, if each continuation gets a
    /// priority by <see cref="Next"/> when it becomes ready. Constant during a run.
    /// </summary>
    bool Picks => false;

    /// <summary>The position of the continuation that runs next. Asked at every step, also when only one is ready, so that a strategy can count steps.</summary>
    /// <param name="site">The site of these choices.</param>
    /// <param name="ordinal">How many picks were made before.</param>
    /// <param name="ready">What is ready, oldest first; at least one.</param>
    uint Pick(ChoiceSite site, ulong ordinal, ReadyList ready) => Next(site, machine: 0, ordinal, (uint)ready.Count);
}
