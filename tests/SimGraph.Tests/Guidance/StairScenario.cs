using System.Globalization;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Guidance;

/// <summary>One run climbs a few steps of a stair, and says so at each; the last step is far above what any drawn plan climbs.</summary>
public sealed class StairScenario : PlannedScenario<StairPlan>
{
    public const string Top = "stairs.top";
    private const int TopStep = 12;
    private const int ClimbsDrawnMax = 3;

    public override string Name => "stairs";

    public override string Description => "for tests: stairs";

    public override IReadOnlyList<string> RequiredProbes => [];

    public override ScenarioOutcome Run(ScenarioRequest request, StairPlan plan)
    {
        RunResult result = new World(request.ToWorldOptions()).Run((world, platform) =>
        {
            int step = 0;
            foreach (Climb climb in plan.Climbs)
            {
                for (int i = 0; i < climb.Steps; i++)
                {
                    step++;
                    platform.Probes.Reachable(string.Create(CultureInfo.InvariantCulture, $"stairs.{step}"));
                }
            }

            if (step >= TopStep)
            {
                world.Fail(ViolationClass.Safety, Top, $"{step} steps of {plan.Height}");
            }

            return Task.CompletedTask;
        });
        return new ScenarioOutcome(result, []);
    }

    protected override StairPlan Draw(PlanChoices choices, string profile) => new()
    {
        Height = choices.Draw("height", 1000),
        Climbs =
        [
            .. Enumerable.Range(0, choices.Draw("climbs", ClimbsDrawnMax + 1)).Select(i => new Climb(TimeSpan.FromSeconds(i), choices.Draw("steps", 3))),
        ],
    };
}
