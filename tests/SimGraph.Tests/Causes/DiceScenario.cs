using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Tests.Causes;

/// <summary>Fails when the last die shows its least side: any of the dice can be taken away, but not all, and only the last throw decides.</summary>
public sealed class DiceScenario : PlannedScenario<DicePlan>
{
    public const string Lost = "dice.lost";

    public override string Name => "dice";

    public override string Description => "for tests: dice";

    public override IReadOnlyList<string> RequiredProbes => [];

    public override ScenarioOutcome Run(ScenarioRequest request, DicePlan plan)
    {
        RunResult result = new World(request.ToWorldOptions()).Run((world, platform) =>
        {
            uint? last = null;
            foreach (int sides in plan.Dice)
            {
                last = world.Choose(world.Site("dice.throw"), world.Harness, (uint)sides);
                world.Trace.Emit(TraceKind.Phase, null, sides, last.Value, "thrown");
            }

            world.Choose(world.Site("dice.applause"), world.Harness, 100);
            if (last == 0)
            {
                world.Fail(ViolationClass.Safety, Lost, "the last die shows its least side");
            }

            return Task.CompletedTask;
        });
        return new ScenarioOutcome(result, []);
    }

    protected override DicePlan Draw(PlanChoices choices, string profile) =>
        new() { Dice = [.. Enumerable.Range(0, 1 + choices.Draw("dice", 4)).Select(_ => 2 + choices.Draw("sides", 5))] };
}
