// POS: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018. Each event gets a random priority when it becomes ready; the highest
// runs; then the priorities of the ready events that race with it are drawn anew. Without the second draw it is their BasicPOS, which is what the simulator does by
// itself.
//
// What races: a continuation says nothing of what it will touch, so two race if they are of one machine, whose tasks share memory; those of different machines
// meet in messages only. On one machine all race with all, so every priority is drawn anew at every step, and POS is a random walk; with several machines it is not.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>Partial-order sampling: a random priority for each continuation, drawn anew when one that races with it has run.</summary>
public sealed class PartialOrderSampling(IChoiceSource below) : ScheduleStrategy(below, "pos")
{
    private const uint PriorityBound = 1u << 31;
    private readonly List<uint> _priorities = [];

    /// <inheritdoc/>
    protected override int PickAt(long step, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        while (_priorities.Count < ready.Count)
        {
            _priorities.Add(Draw(PriorityBound));
        }

        int best = 0;
        for (int i = 1; i < ready.Count; i++)
        {
            best = _priorities[i] > _priorities[best] ? i : best;
        }

        int machine = ready.MachineAt(best);
        for (int i = 0; i < ready.Count; i++)
        {
            if (i != best && ready.MachineAt(i) == machine)
            {
                _priorities[i] = Draw(PriorityBound);
            }
        }

        _priorities.RemoveAt(best);
        return best;
    }
}
