namespace SimGraph.Simulation.Choices;

/// <summary>Passes every choice on and remembers which sites asked for one that was not settled anyway.</summary>
internal sealed class SiteCollector(IChoiceSource inner) : IChoiceSource
{
    private readonly SortedSet<string> _sites = new(StringComparer.Ordinal);

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<string> Sites => _sites;

    public bool Picks => inner.Picks;

    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        if (bound > 1)
        {
            _sites.Add(site.Name);
        }

        return inner.Next(site, machine, ordinal, bound);
    }
}
