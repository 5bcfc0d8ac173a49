using SimGraph.Properties.Storage;
using SimGraph.Properties.Storage.Wal;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using Xunit;

namespace SimGraph.Tests.Storage.CrashExploration;

public sealed class StoragePlanTests
{
    public static TheoryData<string> Names => [.. StorageSubjects.Scenarios().Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_plan_that_was_written_and_read_makes_the_same_run(string name)
    {
        // Enough of a run to tell it from another.
        StorageScenario scenario = StorageSubjects.Scenarios().Single(scenario => scenario.Name == name);
        var modes = new HashSet<StorageMode>();
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var request = new ScenarioRequest { Seed = seed, Profile = Profiles.Lite, StopAtStep = 1_000 };
            var plan = (StoragePlan)scenario.Plan(request);
            string text = PlanText.Write(plan);
            object read = PlanText.Read(text, scenario.PlanType);
            Assert.Equal(text, PlanText.Write(read));
            if (modes.Add(plan.Mode))
            {
                Assert.Equal(scenario.Run(request).Result.Hash, scenario.Run(request, read).Result.Hash);
            }
        }

        Assert.InRange(modes.Count, 4, 5);
    }

    [Fact]
    public void A_failure_shrinks_to_one_operation_and_the_deaths_that_it_takes()
    {
        var scenario = new StorageScenario(new ToySubject());
        ScenarioRequest request = Enumerable.Range(1, 50)
            .Select(seed => new ScenarioRequest { Seed = (ulong)seed })
            .First(request => scenario.Run(request).Result.Violation is not null && ((StoragePlan)scenario.Plan(request)).Mode == StorageMode.Lives);

        ShrinkReport report = new Shrinker(
            scenario, FailingCase.Of(request.Seed, scenario.Plan(request)), new ShrinkOptions { Time = TimeSpan.FromMinutes(3) }).Run(TestContext.Current.CancellationToken)!;

        var plan = (StoragePlan)report.Smallest.Plan;
        Assert.True(report.IsFinished);
        Assert.Equal(1, plan.Workloads.Sum(workload => workload.Amount) + plan.Lives.Sum(life => life.Workload.Amount));
        Assert.InRange(plan.Lives.Count, 1, 2);
        Assert.Equal(plan.Lives.Count, report.Last.Result.Counters["storage.faults-to-violation"]);
        Assert.Equal(1, report.Last.Result.Counters["storage.operations-planned"]);
    }

    [Fact]
    public void Of_a_plan_that_was_crossed_with_one_of_another_component_the_first_is_run()
    {
        WalPlan[] logs = [WalPlans.Draw(1, StorageSize.Small), WalPlans.Draw(2, StorageSize.Small)];
        var scenario = new StorageScenario();
        var request = new ScenarioRequest { Seed = 1 };

        ScenarioOutcome alone = scenario.Run(request, new StoragePlan { Workloads = logs });
        ScenarioOutcome crossed = scenario.Run(request, new StoragePlan { Workloads = [logs[0], new ToyPlan(ToyDefect.NoFlush, 2), logs[1]] });

        Assert.Null(alone.Result.Violation);
        Assert.Equal(alone.Result.Hash, crossed.Result.Hash);
    }

    [Fact]
    public void A_plan_of_nothing_runs_nothing()
    {
        var scenario = new StorageScenario();

        foreach (StorageMode mode in Enum.GetValues<StorageMode>())
        {
            ScenarioOutcome outcome = scenario.Run(new ScenarioRequest { Seed = 1 }, new StoragePlan { Mode = mode });
            Assert.Null(outcome.Result.Violation);
            Assert.Equal(0, outcome.Result.Steps);
        }
    }
}
