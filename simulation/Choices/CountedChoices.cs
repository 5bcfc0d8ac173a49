namespace SimGraph.Simulation.Choices;

/// <summary>Passes every choice on, counts them, and remembers one of them.</summary>
/// <param name="inner">Answers.</param>
/// <param name="watched">Number of the choice that is remembered, from 0; below 0 for none.</param>
internal sealed class CountedChoices(IChoiceSource inner, long watched = -1) : IChoiceSource
{
    /// <summary>How many were made.</summary>
    public long Count { get; private set; }

    /// <summary>The watched one, once it was made.</summary>
    public MadeChoice? Watched { get; private set; }

    public bool Picks => inner.Picks;

    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        uint value = inner.Next(site, machine, ordinal, bound);
        if (Count++ == watched)
        {
            Watched = new MadeChoice(site.Name, machine, ordinal, bound, value);
        }

        return value;
    }
}
