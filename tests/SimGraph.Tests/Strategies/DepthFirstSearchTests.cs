using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Strategies;
using Xunit;

namespace SimGraph.Tests.Strategies;

public sealed class DepthFirstSearchTests
{
    [Theory]
    [InlineData(1, 5, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 2, 20)] // 6! / (3! 3!)
    [InlineData(3, 1, 90)] // 6! / (2! 2! 2!)
    [InlineData(4, 0, 24)]
    [InlineData(3, 2, 1680)] // 9! / (3! 3! 3!)
    public void Every_schedule_is_run_once(int tasks, int yields, int schedules)
    {
        var program = new TinyProgram(tasks, yields);
        StrategyReport report = Search(program, new StrategyOptions());
        Assert.True(report.Exhausted);
        Assert.False(report.CameToBound);
        Assert.Equal(schedules, report.Runs);
        Assert.Equal(schedules, program.Orders.Distinct().Count());
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void A_bound_keeps_it_from_late_decisions_and_it_says_so()
    {
        var program = new TinyProgram(tasks: 2, yields: 2);
        StrategyReport report = Search(program, new StrategyOptions { DecisionsMax = 2 });
        Assert.True(report.Exhausted);
        Assert.True(report.CameToBound);
        Assert.Equal(4, report.Runs);
        Assert.Equal(["aa", "ab", "ba", "bb"], program.Orders.Select(order => order[..2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_program_that_is_no_function_of_its_choices_is_noticed()
    {
        var search = new DepthFirstSearch(decisionsMax: 100);
        TinyProgram.OrderOf(2, 1, search.Begin(1));
        Assert.Null(search.End());
        TinyProgram.OrderOf(1, 1, search.Begin(2));
        Assert.Equal("nondeterminism.search-diverged", search.End()?.Name);
        Assert.True(search.IsExhausted);
    }

    private static StrategyReport Search(TinyProgram program, StrategyOptions bounds) => new StrategyCampaign(
        program, new StrategyCampaignOptions { Strategy = StrategyCatalog.DepthFirst, Bounds = bounds, Seeds = 10_000 }).Run(CancellationToken.None).Strategies[0];
}
