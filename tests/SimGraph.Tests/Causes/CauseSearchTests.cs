using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Causes;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Trace;
using SimGraph.Tests.Shrinking;
using Xunit;

namespace SimGraph.Tests.Causes;

public sealed class CauseSearchTests
{
    private static readonly ErrandScenario Errands = new();
    private static readonly DiceScenario Dice = new();

    private static readonly ErrandPlan Fragile = new()
    {
        Couriers = 2,
        Road = new RoadOptions { Holes = true, Bends = 3 },
        Errands = [new Errand(TimeSpan.Zero, ErrandKind.Letter, 1), new Errand(TimeSpan.Zero, ErrandKind.Fragile, 2)],
    };

    [Fact]
    public void What_the_failure_cannot_do_without_is_needed_and_nothing_else()
    {
        CauseReport report = Search(Errands, FirstFailing(Errands, Fragile));
        Assert.Equal(ErrandScenario.Broken, report.Outcome.Result.Violation?.Name);
        Assert.Equal(
            ["Errands without Errand { At = 00:00:00, Kind = Fragile, Weight = 2 }", "Road at its default", "Road.Holes at its default"],
            report.Needs.Where(need => need.IsNeeded).Select(need => need.Without));
        Assert.Equal(
            ["Errands without Errand { At = 00:00:00, Kind = Letter, Weight = 1 }", "Road.Bends at its default"],
            report.Needs.Where(need => need.FailsAtOnce).Select(need => need.Without));
    }

    [Fact]
    public void The_choice_that_sealed_it_is_named()
    {
        CauseReport report = Search(Errands, FirstFailing(Errands, Fragile));
        Assert.Equal(new MadeChoice("errand.luck", 0, 0, 3, 1), report.Sealed?.Choice);
        Assert.Equal(report.Sealed!.Number - 1, report.Trials.Last(trial => trial.Escaped > 0).Choices);
        Assert.DoesNotContain(report.Trials, trial => trial.Escaped == 0 && trial.Choices < report.Sealed.Number);
    }

    [Fact]
    public void Of_choices_of_one_kind_it_is_the_one_that_matters_and_the_event_before_it_is_shown()
    {
        CauseReport report = Search(Dice, FirstFailing(Dice, new DicePlan { Dice = [6, 5, 4] }));
        Assert.Equal(new MadeChoice("dice.throw", 0, 2, 4, 0), report.Sealed?.Choice);
        Assert.Equal((TraceKind.Phase, 5L), (report.Sealed?.Event?.Kind, report.Sealed?.Event?.First));
    }

    [Fact]
    public void What_only_other_seeds_fail_without_is_not_needed()
    {
        // The die before the last was thrown too, and did not show its least side.
        CauseReport report = Search(Dice, Enumerable.Range(1, 1000).Select(seed => FailingCase.Of((ulong)seed, new DicePlan { Dice = [3, 2] })).First(candidate =>
            Fails(Dice, candidate) && !Fails(Dice, candidate with { Plan = new DicePlan { Dice = [3] } })));
        CauseNeed last = report.Needs.Single(need => need.Without.EndsWith("without 2", StringComparison.Ordinal));
        Assert.Equal((false, false, new CauseOptions().Courses), (last.FailsAtOnce, last.IsNeeded, last.Tried));
        Assert.InRange(last.Failing, 1, last.Tried);
    }

    [Fact]
    public void A_plan_that_leads_there_whatever_is_chosen_is_sealed_by_no_choice()
    {
        CauseReport report = Search(Errands, FailingCase.Of(1, new ErrandPlan { Couriers = 1 }));
        Assert.True(report.IsOfThePlan);
        Assert.Null(report.Sealed);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        FailingCase failing = FirstFailing(Dice, new DicePlan { Dice = [6, 5, 4] });
        CauseReport[] reports = [.. ((int[])[1, 2, 5]).Select(jobs => Search(Dice, failing, jobs))];
        Assert.Single(reports.Select(report => string.Join(' ', report.Needs) + string.Join(' ', report.Trials) + report.Sealed).Distinct());
    }

    [Fact]
    public void A_run_that_does_not_fail_has_no_cause() =>
        Assert.Null(new CauseSearch(Errands, FailingCase.Of(1, new ErrandPlan { Couriers = 2 }), new CauseOptions()).Run(TestContext.Current.CancellationToken));

    [Fact]
    public void When_the_time_is_up_there_is_what_it_has()
    {
        CauseReport report = new CauseSearch(Errands, FirstFailing(Errands, Fragile), new CauseOptions { Time = TimeSpan.FromTicks(1) }).Run(TestContext.Current.CancellationToken)!;
        Assert.Equal((false, 0, 0), (report.IsFinished, report.Needs.Count, report.Trials.Count));
    }

    private static CauseReport Search(IPlannedScenario scenario, FailingCase failing, int jobs = 2) =>
        new CauseSearch(scenario, failing, new CauseOptions { Jobs = jobs, Time = TimeSpan.FromMinutes(10) }).Run(TestContext.Current.CancellationToken)!;

    private static FailingCase FirstFailing(IPlannedScenario scenario, object plan) =>
        Enumerable.Range(1, 1000).Select(seed => FailingCase.Of((ulong)seed, plan)).First(candidate => Fails(scenario, candidate));

    private static bool Fails(IPlannedScenario scenario, FailingCase candidate) =>
        scenario.Run(new ScenarioRequest { Seed = candidate.Seed, Choices = candidate.CreateChoices() }, candidate.Plan).Result.Violation is not null;
}
