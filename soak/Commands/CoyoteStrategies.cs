using SimGraph.Properties.Coyote;

namespace SimGraph.Soak.Commands;

/// <summary>Names of Coyote's strategies on the command line; they are part of the names of its traces.</summary>
internal static class CoyoteStrategies
{
    private const string QLearning = "q-learning";

    public static IReadOnlyList<string> Names { get; } = ["random", QLearning];

    /// <exception cref="UsageException">There is no such strategy.</exception>
    public static CoyoteStrategy Parse(string name) => name == Names[0] ? CoyoteStrategy.Random
        : name == QLearning ? CoyoteStrategy.QLearning
        : throw new UsageException($"--strategy: there is no '{name}'; there are: {string.Join(", ", Names)}");

    /// <summary>What marks the files of a failed run.</summary>
    public static string MarkOf(CoyoteStrategy strategy) => strategy == CoyoteStrategy.QLearning ? "coyote-q-learning" : "coyote";

    /// <summary>The strategy whose mark the name of a trace has.</summary>
    public static CoyoteStrategy OfTrace(string path) =>
        Path.GetFileNameWithoutExtension(path).EndsWith(MarkOf(CoyoteStrategy.QLearning), StringComparison.Ordinal) ? CoyoteStrategy.QLearning : CoyoteStrategy.Random;
}
