using SimGraph.Properties.Interleavings;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Strategies;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Strategies;

public sealed class StrategyCampaignTests
{
    private const int VersionOffset = 8;

    public static TheoryData<string> Strategies => [.. StrategyCatalog.Names];

    public static TheoryData<string> Repaired => [.. InterleavingScenarios.Repaired.Select(scenario => scenario.Name)];

    public static TheoryData<string> Broken => [.. InterleavingScenarios.Broken.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Each_strategy_finds_what_it_must_and_says_the_same_when_asked_again(string strategy)
    {
        IScenario bug = InterleavingScenarios.Broken.First(scenario => scenario.Name == "interleavings-lost-wake-up");
        var options = new StrategyCampaignOptions { Strategy = strategy, Seeds = 5_000 };
        StrategyReport first = new StrategyCampaign(bug, options).Run(CancellationToken.None).Strategies[0];
        StrategyReport second = new StrategyCampaign(bug, options).Run(CancellationToken.None).Strategies[0];
        StrategyFinding finding = Assert.Single(first.Findings);
        Assert.Equal("interleavings.lost-wake-up", finding.First.Name);
        Assert.Equal(first.Runs, finding.FirstRun);
        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.Runs, second.Runs);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void The_portfolio_finds_every_bug(string name)
    {
        StrategyCampaignReport report = Explore(name, InterleavingScenarios.Broken, StrategyCatalog.Portfolio, seeds: 10_000, keepGoing: false);
        StrategyFinding finding = Assert.Single(report.Strategies.SelectMany(strategy => strategy.Findings));
        Assert.Equal($"interleavings.{name["interleavings-".Length..]}", finding.First.Name);
        Assert.Equal(2, report.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Repaired))]
    public void No_strategy_flags_a_repaired_twin(string name)
    {
        StrategyCampaignReport report = Explore(name, InterleavingScenarios.Repaired, StrategyCatalog.Portfolio, seeds: 1_050, keepGoing: true);
        Assert.All(report.Strategies, strategy => Assert.Empty(strategy.Findings));
        Assert.Equal(1_050, report.Runs);
        Assert.Equal(0, report.ExitCode);
    }

    [Fact]
    public void The_portfolio_takes_turns_and_says_which_strategy_found_what()
    {
        StrategyCampaignReport report = Explore("interleavings-lost-wake-up", InterleavingScenarios.Broken, StrategyCatalog.Portfolio, seeds: 700, keepGoing: true);
        Assert.Equal(StrategyCatalog.Names, report.Strategies.Select(strategy => strategy.Name));
        Assert.All(report.Strategies, strategy => Assert.Equal(100, strategy.Runs));
        Assert.Contains(report.Strategies, strategy => strategy.Findings.Count == 1);
        Assert.Contains(report.Strategies, strategy => strategy.Findings.Count == 0);
    }

    [Fact]
    public void The_strategy_basic_pos_is_what_a_run_does()
    {
        ExplorationScenario sound = ExplorationScenario.Sound();
        ulong hash = sound.Run(new ScenarioRequest { Seed = 5 }).Result.Hash;
        IStrategy strategy = StrategyCatalog.Create(StrategyCatalog.BasicPos, new StrategyOptions());
        Assert.Equal(hash, sound.Run(new ScenarioRequest { Seed = 5, Choices = strategy.Begin(5) }).Result.Hash);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_artifact_of_every_strategy_replays_with_repro(string strategy)
    {
        using var folder = new TemporaryFolder();
        CommandRun explored = CommandRun.Of(
            InterleavingScenarios.Broken,
            "explore", "--strategy", strategy, "--scenario", "interleavings-lost-wake-up", "--seeds", "5000", "--artifacts", folder.Path);
        Assert.Equal(2, explored.ExitCode);
        Assert.Contains($"found by   {strategy}", explored.Out, StringComparison.Ordinal);
        string artifact = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, strategy)));
        Assert.Contains($"repro {artifact}", explored.Out, StringComparison.Ordinal);
        Assert.Equal(strategy == StrategyCatalog.BasicPos ? 1 : 2, File.ReadAllBytes(artifact)[VersionOffset]);
        CommandRun replayed = CommandRun.Of(InterleavingScenarios.Broken, "repro", artifact, "--twice", "--no-events");
        Assert.Equal(2, replayed.ExitCode);
        Assert.Contains("Came back: interleavings.lost-wake-up", replayed.Out, StringComparison.Ordinal);
        Assert.Contains("the same hash both times", replayed.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explore --strategy nothing --scenario interleavings-aba")]
    [InlineData("explore --scenario nothing")]
    [InlineData("explore --depth 0 --scenario interleavings-aba")]
    [InlineData("explore --seeds 0 --scenario interleavings-aba")]
    [InlineData("bench strategies --trials 0")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line)
    {
        CommandRun run = CommandRun.Of(InterleavingScenarios.Broken, line.Split(' '));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("simgraph: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(character => character == '\n'));
    }

    private static StrategyCampaignReport Explore(string name, IReadOnlyList<IScenario> scenarios, string strategy, long seeds, bool keepGoing) => new StrategyCampaign(
        scenarios.First(scenario => scenario.Name == name),
        new StrategyCampaignOptions { Strategy = strategy, Seeds = seeds, KeepGoing = keepGoing }).Run(CancellationToken.None);
}
