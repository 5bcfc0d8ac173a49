namespace SimGraph.Simulation.Choices;

/// <summary>A named place where a run makes choices, such as <c>network.latency</c>. Created by the world, which gives it its index.</summary>
public sealed class ChoiceSite
{
    internal ChoiceSite(string name, int index)
    {
        Name = name;
        Index = index;
        Key = StableHash.Of(name);
    }

    /// <summary>Dotted, lower case.</summary>
    public string Name { get; }

    /// <summary>Hash of the name; equal in every process.</summary>
    public ulong Key { get; }

    /// <summary>Position in the world's table of sites; differs between worlds and decides nothing.</summary>
    internal int Index { get; }
}
