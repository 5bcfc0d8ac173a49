namespace SimGraph.Simulation.Disk;

/// <summary>What happens at power loss to what was not flushed.</summary>
public enum PowerLossPolicy
{
    /// <summary>The run's choices decide, piece by piece.</summary>
    Chosen,

    /// <summary>All of it is lost.</summary>
    LosesAll,

    /// <summary>Nothing is lost.</summary>
    LosesNothing,
}
