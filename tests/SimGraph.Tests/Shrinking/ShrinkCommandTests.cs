using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Shrinking;

public sealed class ShrinkCommandTests
{
    private static readonly IScenario[] Scenarios = [new ErrandScenario(), ExplorationScenario.Sound()];

    [Fact]
    public void A_seed_becomes_a_recording_and_a_test_and_the_recording_comes_back()
    {
        using var folder = new TemporaryFolder();
        string test = Path.Join(folder.Path, "Bug-1.cs");
        string seed = ErrandScenario.FailingSeed.ToString(CultureInfo.InvariantCulture);
        CommandRun shrunk = CommandRun.Of(Scenarios, "shrink", seed, "--scenario", "errands", "--artifacts", folder.Path, "--test", test);
        string artifact = Path.Join(folder.Path, $"errands-swarm-{RunArtifact.Load(Directory.GetFiles(folder.Path, "*.simgraph").Single()).Seed}-shrunk.simgraph");

        Assert.Equal((0, string.Empty), (shrunk.ExitCode, shrunk.Error));
        Assert.Contains("nothing smaller is left to try", shrunk.Out, StringComparison.Ordinal);
        Assert.Contains("new Errand(TimeSpan.Zero, ErrandKind.Fragile, 0)", shrunk.Out, StringComparison.Ordinal);
        Assert.Contains("VIOLATION", shrunk.Out, StringComparison.Ordinal);
        Assert.Contains("public sealed class Bug_1", File.ReadAllText(test), StringComparison.Ordinal);

        CommandRun repro = CommandRun.Of(Scenarios, "repro", artifact, "--no-events", "--twice");
        Assert.Equal(2, repro.ExitCode);
        Assert.Contains("Came back: errand.broken", repro.Out, StringComparison.Ordinal);

        CommandRun again = CommandRun.Of(Scenarios, "shrink", artifact, "--artifacts", folder.Path);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains(", 0 kept", again.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shrink")]
    [InlineData("shrink missing.simgraph")]
    [InlineData("shrink 1 --scenario sound")]
    [InlineData("shrink 1 --scenario errands --time soon")]
    [InlineData("shrink 1 --scenario errands --jobs 0")]
    [InlineData("shrink 1 --scenario nothing")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line) => CommandRun.Of(Scenarios, line.Split(' ')).AssertIsMistake();
}
