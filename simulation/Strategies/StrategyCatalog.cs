using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Strategies;

/// <summary>The strategies, by name.</summary>
public static class StrategyCatalog
{
    /// <summary>The name of all of them in turns.</summary>
    public const string Portfolio = "portfolio";

    /// <summary>A random priority for each continuation, drawn when it becomes ready and kept: the basic form of partial-order sampling, and what <c>run</c> does.</summary>
    public const string BasicPos = "basic-pos";

    /// <summary><see cref="RandomWalk"/>.</summary>
    public const string RandomWalkName = "random-walk";

    /// <summary><see cref="PriorityChangePoints"/>.</summary>
    public const string Pct = "pct";

    /// <summary><see cref="FairPriorityChangePoints"/>.</summary>
    public const string FairPct = "fair-pct";

    /// <summary><see cref="PartialOrderSampling"/>.</summary>
    public const string Pos = "pos";

    /// <summary><see cref="DelayBounded"/>.</summary>
    public const string Delays = "delay-bounded";

    /// <summary><see cref="DepthFirstSearch"/>.</summary>
    public const string DepthFirst = "dfs";

    /// <summary>All of them; <c>basic-pos</c> is what <c>run</c> does.</summary>
    public static IReadOnlyList<string> Names { get; } = [BasicPos, RandomWalkName, Pct, FairPct, Pos, Delays, DepthFirst];

    /// <summary>A new strategy, for one campaign.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static IStrategy Create(string name, StrategyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return name switch
        {
            BasicPos => new SeededStrategy(name, static below => below),
            RandomWalkName => new SeededStrategy(name, static below => new RandomWalk(below)),
            Pct => new LengthStrategy(name, (below, steps) => new PriorityChangePoints(below, options.Depth, steps)),
            FairPct => new LengthStrategy(name, (below, steps) => new FairPriorityChangePoints(below, options.Depth, steps)),
            Pos => new SeededStrategy(name, static below => new PartialOrderSampling(below)),
            Delays => new LengthStrategy(name, (below, steps) => new DelayBounded(below, options.Delays, steps)),
            DepthFirst => new DepthFirstSearch(options.DecisionsMax),
            _ => throw new ArgumentException($"there is no strategy '{name}'; there are: {string.Join(", ", Names)}, {Portfolio}", nameof(name)),
        };
    }

    /// <summary>The strategies of a name: one, or all of the portfolio.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static IReadOnlyList<IStrategy> CreateAll(string name, StrategyOptions options) =>
        name == Portfolio ? [.. Names.Select(each => Create(each, options))] : [Create(name, options)];
}
