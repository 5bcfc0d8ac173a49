using SimGraph.Simulation.Exploration;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Guidance;

public sealed class GuideCommandTests
{
    private static readonly IScenario[] Scenarios = [new StairScenario(), ExplorationScenario.Sound()];

    [Fact]
    public void What_a_variant_shows_is_recorded_comes_back_and_shrinks()
    {
        using var folder = new TemporaryFolder();
        CommandRun guided = CommandRun.Of(Scenarios, "guide", "--scenario", "stairs", "--runs", "2000", "--artifacts", folder.Path);
        Assert.Equal((2, string.Empty), (guided.ExitCode, guided.Error));
        Assert.Contains("a variant", guided.Out, StringComparison.Ordinal);

        string artifact = Assert.Single(Directory.GetFiles(folder.Path, "*-guided.simgraph"));
        Assert.Contains("Came back: stairs.top", CommandRun.Of(Scenarios, "repro", artifact, "--no-events").Out, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of(Scenarios, "shrink", artifact, "--artifacts", folder.Path).ExitCode);
        Assert.Single(Directory.GetFiles(folder.Path, "*-shrunk.simgraph"));
    }

    [Fact]
    public void It_says_what_may_be_left()
    {
        CommandRun flat = CommandRun.Of(Scenarios, "guide", "--scenario", "stairs", "--until-flat", "100", "--fresh", "100", "--jobs", "1");
        Assert.Equal(0, flat.ExitCode);
        Assert.Contains("one more fresh run shows a new pair with a probability of about 0 (Good-Turing)", flat.Out, StringComparison.Ordinal);
        Assert.Contains("Ended because nothing new came any more.", flat.Out, StringComparison.Ordinal);
        Assert.Contains("Violations: none", flat.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("guide --scenario sound")]
    [InlineData("guide --scenario nothing")]
    [InlineData("guide --scenario stairs --fresh 101")]
    [InlineData("guide --scenario stairs --runs 0")]
    [InlineData("guide --scenario stairs --until-flat many")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line) => CommandRun.Of(Scenarios, line.Split(' ')).AssertIsMistake();
}
