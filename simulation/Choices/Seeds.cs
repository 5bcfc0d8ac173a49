namespace SimGraph.Simulation.Choices;

/// <summary>Seeds made of seeds, for a scenario that consists of many worlds: equal in every process, and unrelated for neighbouring numbers.</summary>
public static class Seeds
{
    /// <summary>The seed of something that has a name.</summary>
    public static ulong OfText(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return StableHash.Of(name);
    }

    /// <summary>The seed of the part with this number.</summary>
    public static ulong Derive(ulong seed, ulong number) => StableHash.Combine(seed, number);
}
