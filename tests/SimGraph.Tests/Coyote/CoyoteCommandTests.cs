using SimGraph.Simulation.Exploration;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>A failure that Coyote's engine found is an artifact like any other, and its own trace replays too.</summary>
public sealed class CoyoteCommandTests
{
    private static readonly IScenario[] Scenarios = [ExplorationScenario.LostUpdate(), ExplorationScenario.Sound()];

    [Theory]
    [InlineData("random", "coyote")]
    [InlineData("q-learning", "coyote-q-learning")]
    public void What_it_finds_comes_back_from_the_recording_and_from_its_trace(string strategy, string mark)
    {
        using var folder = new TemporaryFolder();
        CommandRun found = CommandRun.Of(Scenarios, "coyote", "--scenario", "lost-update", "--strategy", strategy, "--runs", "500", "--artifacts", folder.Path);
        Assert.Equal((2, string.Empty), (found.ExitCode, found.Error));
        Assert.Contains("test.lost-update", found.Out, StringComparison.Ordinal);
        Assert.Contains("test.lost-update", File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path, $"*-{mark}.report.txt"))), StringComparison.Ordinal);

        CommandRun ours = CommandRun.Of(Scenarios, "repro", Assert.Single(Directory.GetFiles(folder.Path, $"*-{mark}.simgraph")), "--no-events");
        Assert.Contains("Came back: test.lost-update, and every step is as recorded.", ours.Out, StringComparison.Ordinal);
        string trace = Assert.Single(Directory.GetFiles(folder.Path, $"*-{mark}.trace"));
        CommandRun coyotes = CommandRun.Of(Scenarios, "repro", trace, "--scenario", "lost-update", "--no-events");
        Assert.Equal((2, string.Empty), (coyotes.ExitCode, coyotes.Error));
        Assert.Equal(HashIn(ours), HashIn(coyotes));
    }

    [Fact]
    public void A_trace_of_another_scenario_is_refused()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Of(Scenarios, "coyote", "--scenario", "lost-update", "--runs", "500", "--artifacts", folder.Path);
        CommandRun other = CommandRun.Of(Scenarios, "repro", Assert.Single(Directory.GetFiles(folder.Path, "*.trace")), "--scenario", "sound", "--no-events");
        Assert.NotEqual(2, other.ExitCode);
    }

    [Fact]
    public void What_holds_holds_under_it_too()
    {
        CommandRun run = CommandRun.Of(Scenarios, "coyote", "--scenario", "sound", "--runs", "20");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Violations: none", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coyote --scenario nothing")]
    [InlineData("coyote --scenario sound --strategy wild")]
    [InlineData("coyote --scenario sound --runs 0")]
    [InlineData("repro missing.trace --scenario sound")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line) => CommandRun.Of(Scenarios, line.Split(' ')).AssertIsMistake();

    private static string HashIn(CommandRun run) => run.Out.Split('\n').Single(static line => line.TrimStart().StartsWith("hash ", StringComparison.Ordinal));
}
