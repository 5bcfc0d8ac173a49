using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Guidance;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Guidance;

public sealed class GuidedCampaignTests
{
    private static readonly StairScenario Stairs = new();

    [Fact]
    public void It_reaches_by_steps_what_no_fresh_run_does()
    {
        GuidedReport blind = Explore(new GuidedOptions { Runs = 2_000, FreshPercent = 100 });
        Assert.Empty(blind.Findings);
        Assert.Equal((2_000, 2_000), (blind.Runs, blind.FreshRuns));

        GuidedReport guided = Explore(new GuidedOptions { Runs = 2_000 });
        GuidedFinding finding = Assert.Single(guided.Findings);
        Assert.Equal((StairScenario.Top, false), (finding.First.Name, finding.IsFresh));
        Assert.Equal(finding.FirstRun, guided.Runs);
        ScenarioOutcome again = Stairs.Run(new ScenarioRequest { Seed = finding.Case.Seed, Choices = finding.Case.CreateChoices() }, finding.Case.Plan);
        Assert.Equal(StairScenario.Top, again.Result.Violation?.Name);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        GuidedReport[] reports = [.. ((int[])[1, 2, 5]).Select(jobs => Explore(new GuidedOptions { Runs = 300, Jobs = jobs, KeepGoing = true }))];
        Assert.Single(reports.Select(report => report with { Findings = [], WallTime = default, CpuTime = default }).Distinct());
        Assert.Single(reports.Select(report => string.Join(' ', report.Findings.Select(finding => (finding.First, finding.FirstRun, finding.Runs)))).Distinct());
    }

    [Fact]
    public void Fresh_runs_are_those_of_the_seeds()
    {
        GuidedReport report = Explore(new GuidedOptions { FromSeed = 7, Runs = 20, FreshPercent = 100 });
        ulong hash = Enumerable.Range(7, 20).Aggregate(0UL, static (sum, seed) => StableHash.Combine(sum, Stairs.Run(new ScenarioRequest { Seed = (ulong)seed }).Result.Hash));
        Assert.Equal(hash, report.Hash);
    }

    [Fact]
    public void It_ends_when_nothing_new_comes_any_more()
    {
        GuidedReport report = Explore(new GuidedOptions { FlatRuns = 50, FreshPercent = 100 });
        Assert.True(report.IsFlat);
        Assert.Equal(50, report.RunsSinceNew);
        Assert.Equal(report.Pairs, report.FreshPairs);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new GuidedCampaign(Stairs, new GuidedOptions { FreshPercent = 101 }));
        Assert.ThrowsAny<ArgumentException>(() => new GuidedCampaign(Stairs, new GuidedOptions { Runs = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => new GuidedCampaign(Stairs, new GuidedOptions { Time = TimeSpan.Zero }));
        Assert.ThrowsAny<ArgumentException>(() => new GuidedCampaign(Stairs, new GuidedOptions { Profile = "wild" }));
    }

    private static GuidedReport Explore(GuidedOptions options) => new GuidedCampaign(Stairs, options).Run(TestContext.Current.CancellationToken);
}
