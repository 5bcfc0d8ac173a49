namespace SimGraph.Simulation.Choices;

/// <summary>Answers some sites of choices always in the same way, and passes the others on: what is fixed has nothing to do with a failure that still happens.</summary>
public sealed class FixedSites(IChoiceSource inner, IReadOnlyDictionary<string, FixedAnswer> answers) : IChoiceSource
{
    /// <inheritdoc/>
    public bool Picks => inner.Picks;

    /// <summary>Seeded choices with some sites fixed.</summary>
    public static FixedSites Of(ulong seed, params (string Site, FixedAnswer Answer)[] answers) =>
        new(new SeededChoices(seed), answers.ToDictionary(answer => answer.Site, answer => answer.Answer, StringComparer.Ordinal));

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        ArgumentNullException.ThrowIfNull(site);
        return answers.TryGetValue(site.Name, out FixedAnswer answer)
            ? answer == FixedAnswer.Least ? 0 : bound - 1
            : inner.Next(site, machine, ordinal, bound);
    }
}
