// The seam between the two engines: the simulator keeps its own single thread, its clock and its faults, and asks Coyote for every integer. Nothing is
// rewritten and no operation is handed from thread to thread, so a run makes about a million choices a second, and Coyote's seeds, reports and traces
// cover all of it. Coyote draws such integers uniformly; its scheduling strategies do not apply to them.

using Microsoft.Coyote.Random;
using SimGraph.Simulation.Choices;

namespace SimGraph.Properties.Coyote;

/// <summary>Lets Coyote's engine answer every choice of a run. Create one inside each iteration: it belongs to the engine that is running then.</summary>
/// <param name="boundMax">Larger choices are asked for as one of so many parts of their range; where in the part follows from what is asked. Without it Coyote answers every number itself.</param>
public sealed class CoyoteChoices(uint boundMax = uint.MaxValue) : IChoiceSource
{
    private const int Half = 1 << 16;
    private readonly Generator _generator = Generator.Create();
    private readonly SeededChoices _within = new(seed: 0);

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        if (bound <= 1)
        {
            return 0;
        }

        if (bound > boundMax)
        {
            ulong part = (ulong)_generator.NextInteger((int)boundMax);
            ulong from = part * bound / boundMax;
            ulong to = (part + 1) * bound / boundMax;
            return (uint)from + _within.Next(site, machine, ordinal, (uint)(to - from));
        }

        if (bound <= int.MaxValue)
        {
            return (uint)_generator.NextInteger((int)bound);
        }

        // Coyote's integers are signed: a larger one is made of two, the last value taking what the division leaves over.
        uint high = (uint)_generator.NextInteger((int)(((bound - 1) / Half) + 1));
        uint low = (uint)_generator.NextInteger(Half);
        return Math.Min((high * Half) + low, bound - 1);
    }
}
