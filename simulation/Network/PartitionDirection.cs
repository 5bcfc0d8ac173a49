namespace SimGraph.Simulation.Network;

/// <summary>Which direction between two machines is cut.</summary>
public enum PartitionDirection
{
    /// <summary>Nothing passes.</summary>
    Both,

    /// <summary>Nothing passes from the first to the second; the other way works.</summary>
    FirstToSecond,

    /// <summary>Nothing passes from the second to the first; the other way works.</summary>
    SecondToFirst,
}
