using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Kernel;

/// <summary>A machine's stream of random numbers.</summary>
internal sealed class SimulatedRandom(Machine machine, ChoiceSite site) : ChoiceRandom
{
    protected override uint Draw(uint bound) => machine.World.Choose(site, machine, bound);

    protected override ulong Draw64() => ((ulong)Draw(1u << 31) << 33) ^ ((ulong)Draw(1u << 31) << 11) ^ Draw(1u << 11);
}
