namespace SimGraph.Properties.Bench;

/// <summary>How a leader goes down.</summary>
public enum LeaderEnd
{
    /// <summary>Its process is killed; the kernel resets its connections.</summary>
    Killed,

    /// <summary>Its machine loses power; everybody hears silence.</summary>
    PowerLost,
}
