using FsCheck;
using FsCheck.Fluent;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Tests.Shrinking;
using Xunit;

namespace SimGraph.Tests.Properties.Plans;

/// <summary>A property of plans that does not hold ends with a small plan.</summary>
public sealed class PlannedRunsTests
{
    [Fact]
    public void A_plan_that_fails_is_made_smaller()
    {
        var scenario = new ErrandScenario();
        FailingCase? last = null;
        Exception failure = Assert.ThrowsAny<Exception>(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(1UL, 1),
            Prop.ForAll(PlannedRuns.Of(scenario, Profiles.Swarm), run =>
            {
                bool isBroken = scenario.Run(new ScenarioRequest { Seed = run.Seed, Choices = run.CreateChoices() }, run.Plan).Result.Violation?.Name == ErrandScenario.Broken;
                last = isBroken ? run : last;
                Assert.False(isBroken, "broken");
            })));
        Assert.Contains("shrink", failure.Message, StringComparison.OrdinalIgnoreCase);
        var plan = (ErrandPlan)last!.Plan;
        Assert.Equal((2, TimeSpan.FromMilliseconds(1)), (plan.Couriers, plan.Time));
        Assert.Equal(ErrandKind.Fragile, Assert.Single(plan.Errands).Kind);
    }
}
