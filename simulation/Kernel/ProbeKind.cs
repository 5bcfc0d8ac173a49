namespace SimGraph.Simulation.Kernel;

/// <summary>Which statement a probe makes.</summary>
public enum ProbeKind
{
    /// <summary>Holds every time.</summary>
    Always,

    /// <summary>Holds at least once in a campaign.</summary>
    Sometimes,

    /// <summary>Is reached at least once in a campaign.</summary>
    Reachable,
}
