using SimGraph.Simulation.Exploration;
using SimGraph.Soak;
using Xunit;

namespace SimGraph.Tests.Soak;

/// <summary>What an invocation of the command line printed and returned.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static CommandRun Of(IReadOnlyList<IScenario> scenarios, params string[] args) => Of(scenarios, CancellationToken.None, args);

    public static CommandRun Of(IReadOnlyList<IScenario> scenarios, CancellationToken interrupted, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = new SimGraphApp(scenarios, clusterBench: null, Terminal.Of(output, error, isInteractive: false, interrupted)).Run(args);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>It was refused, and the line says this.</summary>
    public void AssertIsMistake(string problem)
    {
        AssertIsMistake();
        Assert.Contains(problem, Error, StringComparison.Ordinal);
    }

    /// <summary>It was refused: one line says why.</summary>
    public void AssertIsMistake()
    {
        Assert.Equal(1, ExitCode);
        Assert.StartsWith("simgraph: ", Error, StringComparison.Ordinal);
        Assert.Equal(1, Error.Count(static character => character == '\n'));
    }
}
