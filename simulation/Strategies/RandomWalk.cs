using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>Picks uniformly among what is ready, at every step anew.</summary>
public sealed class RandomWalk(IChoiceSource below) : ScheduleStrategy(below, "random-walk")
{
    /// <inheritdoc/>
    protected override int PickAt(long step, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        return ready.Count == 1 ? 0 : (int)Draw((uint)ready.Count);
    }
}
