using SimGraph.Simulation.Choices;

namespace SimGraph.Properties.Storage;

/// <summary>The random numbers of a plan, drawn before there is a world.</summary>
internal sealed class PlanRandom(PlanChoices choices, string option) : ChoiceRandom
{
    protected override uint Draw(uint bound) => (uint)choices.Draw(option, checked((int)bound));

    protected override ulong Draw64() => ((ulong)Draw(1 << 30) << 34) ^ ((ulong)Draw(1 << 30) << 14) ^ Draw(1 << 14);
}
