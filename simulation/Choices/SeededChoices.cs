// Values are keyed by (seed, site, machine, ordinal) instead of being drawn from one stream: a choice that is added or removed in one place
// shifts no other, so a seed that found a bug still finds it after unrelated changes of the code.

namespace SimGraph.Simulation.Choices;

/// <summary>Reproducible random choices: the default.</summary>
public sealed class SeededChoices(ulong seed) : IChoiceSource
{
    private readonly ulong _seed = StableHash.Mix(seed);

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        ulong key = StableHash.Combine(_seed ^ site.Key, ((ulong)(uint)machine << 56) ^ ordinal);
        return (uint)(((key >> 32) * bound) >> 32);
    }
}
