using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Shrinking;

/// <summary>Two couriers or more break what is fragile on a road with holes, if they have bad luck; one alone fails in another way; none at all is refused.</summary>
public sealed class ErrandScenario : PlannedScenario<ErrandPlan>
{
    public const string Broken = "errand.broken";
    private const uint BadLuck = 1;

    /// <summary>A seed with a rich plan that ends in <see cref="Broken"/>.</summary>
    public static ulong FailingSeed { get; } = Enumerable.Range(1, 1000).Select(static seed => (ulong)seed).First(static seed =>
        new ErrandScenario().Run(new ScenarioRequest { Seed = seed }).Result.Violation?.Name == Broken);

    public override string Name => "errands";

    public override string Description => "for tests: couriers";

    public override IReadOnlyList<string> RequiredProbes => [];

    public override ScenarioOutcome Run(ScenarioRequest request, ErrandPlan plan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Couriers, 1);
        RunResult result = new World(request.ToWorldOptions()).Run((world, platform) =>
        {
            world.Choose(world.Site("errand.weather"), world.Harness, 100);
            uint luck = world.Choose(world.Site("errand.luck"), world.Harness, 3);
            bool isFragile = plan.Errands.Any(static errand => errand.Kind == ErrandKind.Fragile);
            if (plan.Couriers == 1)
            {
                world.Fail(ViolationClass.Safety, "errand.alone", "one courier alone");
            }
            else if (isFragile && plan.Road.Holes && luck == BadLuck)
            {
                world.Fail(ViolationClass.Safety, Broken, "something <fragile> is broken");
            }

            return Task.CompletedTask;
        });
        return new ScenarioOutcome(result, []);
    }

    protected override ErrandPlan Draw(PlanChoices choices, string profile) => new()
    {
        Couriers = 2 + choices.Draw("couriers", 30),
        Time = TimeSpan.FromMilliseconds(10_000 + choices.Draw("time", 1_234)),
        Fuel = choices.Draw("fuel", 40),
        Rest = TimeSpan.FromMilliseconds(choices.Draw("rest", 9_999)),
        Rain = choices.Draw("rain", 2) == 0,
        Road = new RoadOptions { Holes = choices.Draw("holes", 2) == 0, Bends = choices.Draw("bends", 5) },
        Errands =
        [
            .. Enumerable.Range(0, 3 + choices.Draw("errands", 10)).Select(_ => new Errand(
                TimeSpan.FromMilliseconds(choices.Draw("at", 5_000)), (ErrandKind)choices.Draw("kind", 2), choices.Draw("weight", 100))),
        ],
    };
}
