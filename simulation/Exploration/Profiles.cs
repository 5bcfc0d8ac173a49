namespace SimGraph.Simulation.Exploration;

/// <summary>How rough the world of a run is.</summary>
public static class Profiles
{
    /// <summary>A few mild faults.</summary>
    public const string Lite = "lite";

    /// <summary>A random subset of the kinds of faults for each run, with random intensities (Groce and others, Swarm Testing, 2012).</summary>
    public const string Swarm = "swarm";

    /// <summary>Every kind of fault, often.</summary>
    public const string Brutal = "brutal";

    /// <summary>No faults.</summary>
    public const string Performance = "performance";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Lite, Swarm, Brutal, Performance];

    /// <summary>Whether there is a profile of this name.</summary>
    public static bool IsValid(string? name) => name is Lite or Swarm or Brutal or Performance;

    /// <summary>Refuses a name that is no profile.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static void Check(string? name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException($"there is no profile '{name}'; there are: {string.Join(", ", All)}", nameof(name));
        }
    }
}
