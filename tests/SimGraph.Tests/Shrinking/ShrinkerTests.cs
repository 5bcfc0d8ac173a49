using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using Xunit;

namespace SimGraph.Tests.Shrinking;

public sealed class ShrinkerTests
{
    private static readonly ErrandScenario Scenario = new();

    [Fact]
    public void What_is_left_is_what_the_failure_needs()
    {
        ShrinkReport report = Shrink(jobs: 2)!;
        var plan = (ErrandPlan)report.Smallest.Plan;
        Assert.True(report.IsFinished);
        Assert.Equal(ErrandScenario.Broken, report.Last.Result.Violation?.Name);
        Assert.Equal(2, plan.Couriers);
        Assert.Equal(TimeSpan.FromMilliseconds(1), plan.Time);
        Assert.Equal(new Errand(TimeSpan.Zero, ErrandKind.Fragile, 0), Assert.Single(plan.Errands));
        Assert.Equal(new ErrandPlan { Couriers = plan.Couriers, Time = plan.Time, Errands = plan.Errands, Road = new RoadOptions { Holes = true } }, plan);
    }

    [Fact]
    public void Choices_that_do_not_matter_are_fixed_and_the_one_that_does_is_not()
    {
        ShrinkReport report = Shrink(jobs: 2)!;
        Assert.True(report.Smallest.Fixed.ContainsKey("errand.weather"));
        Assert.False(report.Smallest.Fixed.ContainsKey("errand.luck"));
        ScenarioOutcome again = Scenario.Run(
            new ScenarioRequest { Seed = report.Smallest.Seed, Choices = report.Smallest.CreateChoices() }, report.Smallest.Plan);
        Assert.Equal(report.Last.Result.Hash, again.Result.Hash);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        ShrinkReport[] reports = [.. ((int[])[1, 2, 5]).Select(jobs => Shrink(jobs)!)];
        Assert.Single(reports.Select(report => PlanText.Write(report.Smallest.Plan)).Distinct());
        Assert.Single(reports.Select(report => string.Join(' ', report.Smallest.Fixed)).Distinct());
        Assert.Single(reports.Select(report => report.Smallest.Seed).Distinct());
    }

    [Fact]
    public void A_run_that_does_not_fail_is_not_shrunk() =>
        Assert.Null(new Shrinker(Scenario, FailingCase.Of(1, new ErrandPlan { Couriers = 2 }), new ShrinkOptions()).Run(TestContext.Current.CancellationToken));

    [Fact]
    public void When_the_time_is_up_there_is_what_it_has()
    {
        FailingCase failing = Failing();
        ShrinkReport report = new Shrinker(Scenario, failing, new ShrinkOptions { Time = TimeSpan.FromTicks(1) }).Run(TestContext.Current.CancellationToken)!;
        Assert.False(report.IsFinished);
        Assert.Same(failing, report.Smallest);
    }

    [Fact]
    public void Fixed_sites_answer_as_they_are_told_and_the_others_as_before()
    {
        const ulong Seed = 5;
        var choices = new PlanChoices(FixedSites.Of(Seed, ("plan.low", FixedAnswer.Least), ("plan.high", FixedAnswer.Largest)));
        var seeded = new PlanChoices(new SeededChoices(Seed));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(0, choices.Draw("low", 10));
            Assert.Equal(9, choices.Draw("high", 10));
            Assert.Equal(seeded.Draw("free", 1000), choices.Draw("free", 1000));
        }
    }

    private static FailingCase Failing() =>
        FailingCase.Of(ErrandScenario.FailingSeed, Scenario.Plan(new ScenarioRequest { Seed = ErrandScenario.FailingSeed }));

    private static ShrinkReport? Shrink(int jobs) =>
        new Shrinker(Scenario, Failing(), new ShrinkOptions { Jobs = jobs, Time = TimeSpan.FromMinutes(10) }).Run(TestContext.Current.CancellationToken);
}
