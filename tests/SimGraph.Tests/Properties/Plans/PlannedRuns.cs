using FsCheck;
using FsCheck.Fluent;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Tests.Properties.Plans;

/// <summary>Runs of a scenario for FsCheck: drawn as the scenario draws them, and made smaller as `shrink` does it, by edits of the plan.</summary>
internal static class PlannedRuns
{
    private const int SeedMax = int.MaxValue - 1;

    public static Arbitrary<FailingCase> Of(IPlannedScenario scenario, string profile) => Arb.From(
        Gen.Choose(1, SeedMax).Select(seed => FailingCase.Of((ulong)seed, scenario.Plan(new ScenarioRequest { Seed = (ulong)seed, Profile = profile }))),
        Smaller);

    private static IEnumerable<FailingCase> Smaller(FailingCase run) =>
        PlanEdits.ToLess(run.Plan).Concat(PlanEdits.ToPlainer(run.Plan)).Select(edit => run with { Plan = edit.Plan });
}
