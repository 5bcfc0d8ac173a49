namespace SimGraph.Simulation.Exploration;

/// <summary>
/// Something that can be run in a simulated world again and again: machines, what they do, which faults they meet, and what must hold. One object serves many
/// threads at a time, so it keeps no state between runs.
/// </summary>
public interface IScenario
{
    /// <summary>Short, lower case, letters, digits and dashes: it is typed on command lines and is part of file names.</summary>
    string Name { get; }

    /// <summary>One line for a reader.</summary>
    string Description { get; }

    /// <summary>Probes that a campaign must hit; one that was never hit is reported, because then the campaign proved less than it seems.</summary>
    IReadOnlyList<string> RequiredProbes { get; }

    /// <summary>
    /// Runs once, on the calling thread, to the end. The outcome is a function of the seed, the profile and the choices; everything else in the request only
    /// changes what is seen of the run.
    /// </summary>
    ScenarioOutcome Run(ScenarioRequest request);
}
