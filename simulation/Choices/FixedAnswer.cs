namespace SimGraph.Simulation.Choices;

/// <summary>The one answer that a site of choices always gives.</summary>
public enum FixedAnswer
{
    /// <summary>Zero: the first of several, the shortest delay, and a chance that always comes true.</summary>
    Least,

    /// <summary>The bound less one: the last of several, the longest delay, and a chance that never comes true.</summary>
    Largest,
}
