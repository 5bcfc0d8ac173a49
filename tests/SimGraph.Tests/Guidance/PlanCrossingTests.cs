using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Guidance;
using Xunit;

namespace SimGraph.Tests.Guidance;

public sealed class PlanCrossingTests
{
    private static readonly StairPlan Mine = new() { Height = 7, Climbs = [.. Enumerable.Range(0, 6).Select(i => new Climb(TimeSpan.FromSeconds(i), i))] };
    private static readonly StairPlan Other = new() { Height = 9, Climbs = [.. Enumerable.Range(0, 6).Select(i => new Climb(TimeSpan.FromSeconds(i), 100 + i))] };

    [Fact]
    public void Lines_of_a_script_are_mixed_in_the_order_of_their_times_and_numbers_stay()
    {
        StairPlan[] crossed = [.. Enumerable.Range(1, 200).Select(seed => (StairPlan)PlanCrossing.Cross(Mine, Other, new PlanChoices(new SeededChoices((ulong)seed))))];
        Assert.All(crossed, plan => Assert.Equal(Mine.Height, plan.Height));
        Assert.All(crossed, plan => Assert.Equal(plan.Climbs.OrderBy(climb => climb.At), plan.Climbs));
        Assert.All(crossed, plan => Assert.Empty(plan.Climbs.Except(Mine.Climbs).Except(Other.Climbs)));
        Assert.Contains(crossed, plan => plan.Climbs.Any(climb => climb.Steps < 100) && plan.Climbs.Any(climb => climb.Steps >= 100));
        Assert.Contains(crossed, plan => plan.Climbs.Count > Mine.Climbs.Count);
        Assert.Contains(crossed, plan => plan.Climbs.Count < Mine.Climbs.Count);
    }
}
