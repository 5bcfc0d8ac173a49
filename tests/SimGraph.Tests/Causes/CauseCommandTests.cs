using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Tests.Shrinking;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Causes;

public sealed class CauseCommandTests
{
    private static readonly IScenario[] Scenarios = [new ErrandScenario(), ExplorationScenario.Sound()];

    [Fact]
    public void It_says_what_is_needed_and_what_sealed_it()
    {
        string seed = ErrandScenario.FailingSeed.ToString(CultureInfo.InvariantCulture);
        CommandRun run = CommandRun.Of(Scenarios, "cause", seed, "--scenario", "errands");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("needed      Road.Holes at its default: nothing fails, nor with 16 other seeds", run.Out, StringComparison.Ordinal);
        Assert.Contains("not needed  Fuel at its default: the same seed fails", run.Out, StringComparison.Ordinal);
        Assert.Contains("errand.luck of the world, its number 1: 1 below 3", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cause")]
    [InlineData("cause missing.simgraph")]
    [InlineData("cause 1 --scenario sound")]
    [InlineData("cause 1 --scenario errands --courses 0")]
    [InlineData("cause 1 --scenario nothing")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line) => CommandRun.Of(Scenarios, line.Split(' ')).AssertIsMistake();
}
