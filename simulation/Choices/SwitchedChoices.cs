namespace SimGraph.Simulation.Choices;

/// <summary>One source up to a moment of the run, another from there on: another course from the same situation.</summary>
/// <param name="before">Answers the first choices.</param>
/// <param name="after">Answers all others. Keyed, as <see cref="SeededChoices"/> are: it is asked for ordinals whose predecessors it has not seen.</param>
/// <param name="count">How many the first source answers.</param>
internal sealed class SwitchedChoices(IChoiceSource before, IChoiceSource after, long count) : IChoiceSource
{
    private long _answered;

    public bool Picks => before.Picks;

    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound) =>
        (_answered++ < count ? before : after).Next(site, machine, ordinal, bound);
}
