using System.Diagnostics;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

public sealed class ExplorationCampaignTests
{
    private static readonly ExplorerOptions Options = new() { Jobs = 2, Seeds = 200 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_planted_race_is_found_and_the_campaign_ends_with_the_first_seed_that_shows_it()
    {
        ExplorationScenario scenario = ExplorationScenario.LostUpdate();
        CampaignReport report = new Explorer(scenario, Options).Run(Cancellation);

        ViolationGroup group = Assert.Single(report.Violations);
        Assert.Equal((ViolationClass.Safety, "test.lost-update"), (group.First.Class, group.First.Name));
        Assert.Equal(2, report.ExitCode);
        Assert.Equal(group.FirstSeed, report.FromSeed + (ulong)report.Runs - 1);
        Assert.All(Seeds(report.FromSeed, group.FirstSeed), seed => Assert.Null(Once(scenario, seed).Violation));
        Assert.Equal("test.lost-update", Once(scenario, group.FirstSeed).Violation?.Name);
    }

    [Fact]
    public void A_campaign_that_keeps_going_counts_every_seed_that_fails()
    {
        ExplorationScenario scenario = ExplorationScenario.LostUpdate();
        CampaignReport report = new Explorer(scenario, Options with { KeepGoing = true }).Run(Cancellation);

        ulong[] failing = [.. Seeds(1, 201).Where(seed => Once(scenario, seed).Violation is not null)];
        ViolationGroup group = Assert.Single(report.Violations);
        Assert.Equal(200, report.Runs);
        Assert.Equal((failing[0], failing.Length), (group.FirstSeed, group.Runs));
        Assert.InRange(failing.Length, 1, 199);
    }

    [Fact]
    public void The_report_of_a_range_of_seeds_does_not_depend_on_the_number_of_threads()
    {
        CampaignReport one = new Explorer(ExplorationScenario.Sound(), Options with { Jobs = 1 }).Run(Cancellation);
        CampaignReport many = new Explorer(ExplorationScenario.Sound(), Options with { Jobs = 5 }).Run(Cancellation);

        Assert.Equal(one.Hash, many.Hash);
        Assert.Equal((one.Runs, one.RunsTwice, one.Steps, one.VirtualTime), (many.Runs, many.RunsTwice, many.Steps, many.VirtualTime));
        Assert.Equal(one.Counters, many.Counters);
        Assert.Equal(one.Faults, many.Faults);
        Assert.Equal(one.Probes, many.Probes);
        Assert.Equal(0, many.ExitCode);
        Assert.Empty(many.RequiredProbesMissed);
        Assert.Equal(200, many.Faults.Values.Sum(fault => fault.Runs));
        Assert.True(many.Counters["cluster.commits"] > 2000);
        Assert.Equal((200L, 0L), (many.Probes["test.impossible"].Evaluations, many.Probes["test.impossible"].Hits));
    }

    [Fact]
    public void A_required_probe_that_no_run_hits_is_named()
    {
        var scenario = new ExplorationScenario("quiet", (_, _) => Task.CompletedTask, "test.never", "test.also-never");
        CampaignReport report = new Explorer(scenario, Options).Run(Cancellation);
        Assert.Equal(["test.also-never", "test.never"], report.RequiredProbesMissed);
    }

    [Fact]
    public void About_one_run_in_twenty_is_run_twice()
    {
        CampaignReport report = new Explorer(ExplorationScenario.Sound(), Options with { Seeds = 2000 }).Run(Cancellation);
        Assert.InRange(report.RunsTwice, 60, 140);
    }

    [Fact]
    public void A_run_that_reads_a_real_clock_is_found_to_be_nondeterministic()
    {
        var scenario = new ExplorationScenario("clocked", async (world, platform) =>
        {
            await ExplorationScenario.RaceAsync(world, platform);
            world.Trace.Emit(global::SimGraph.Simulation.Trace.TraceKind.Client, null, Stopwatch.GetTimestamp());
        });
        AssertNondeterministic(scenario);
    }

    [Fact]
    public void A_run_that_depends_on_state_shared_with_other_runs_is_found_to_be_nondeterministic()
    {
        int runs = 0;
        var scenario = new ExplorationScenario("shared", async (world, platform) =>
        {
            await ExplorationScenario.RaceAsync(world, platform);
            world.Trace.Emit(global::SimGraph.Simulation.Trace.TraceKind.Client, null, Interlocked.Increment(ref runs));
        });
        AssertNondeterministic(scenario);
    }

    [Fact]
    public void A_scenario_that_throws_is_a_failure_of_the_harness_with_its_seed()
    {
        CampaignReport report = new Explorer(new Throwing(), Options with { FromSeed = 7, ArtifactFolder = "not-written" }).Run(Cancellation);
        ViolationGroup group = Assert.Single(report.Violations);
        Assert.Equal((ViolationClass.Harness, 7ul), (group.First.Class, group.FirstSeed));
        Assert.NotNull(group.ArtifactProblem);
        Assert.False(Directory.Exists("not-written"));
    }

    [Fact]
    public void Runs_that_never_end_are_given_up_when_the_time_is_up()
    {
        CampaignReport report = new Explorer(Endless(), Options with { Time = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.Zero }).Run(Cancellation);
        Assert.Equal((0L, false, 0), (report.Runs, report.Interrupted, report.ExitCode));
        Assert.InRange(report.Unfinished, 0, 2);
    }

    [Fact]
    public void A_run_that_takes_too_long_is_given_up_and_reported()
    {
        CampaignReport report = new Explorer(Endless(), Options with { Seeds = 3, RunTimeMax = TimeSpan.FromMilliseconds(1), KeepGoing = true }).Run(Cancellation);
        ViolationGroup group = Assert.Single(report.Violations);
        Assert.Equal(("harness.run-too-long", 3L, 1ul), (group.First.Name, group.Runs, group.FirstSeed));
    }

    [Fact]
    public void A_cancelled_campaign_ends_and_reports_what_was_done()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var begun = new TaskCompletionSource();
        var scenario = new ExplorationScenario("endless", async (_, _) =>
        {
            begun.TrySetResult();
            while (true)
            {
                await Task.Yield();
            }
        });
        var explorer = new Explorer(scenario, Options);
        CampaignReport? report = null;
        var thread = new Thread(() => report = explorer.Run(cancellation.Token));
        thread.Start();
#pragma warning disable xUnit1031, VSTHRD002 // The test is a thread among threads.
        begun.Task.Wait(Cancellation);
#pragma warning restore xUnit1031, VSTHRD002
        cancellation.Cancel();
        thread.Join();
        Assert.True(report!.Interrupted);
        Assert.Equal(130, report.ExitCode);
        Assert.Equal(0, explorer.Progress.Runs);
    }

    [Theory]
    [InlineData("mild", 1, 1)]
    [InlineData("swarm", 0, 1)]
    [InlineData("swarm", 1, 0)]
    public void Options_out_of_range_are_refused(string profile, int jobs, long seeds) => Assert.ThrowsAny<ArgumentException>(
        () => new Explorer(ExplorationScenario.Sound(), new ExplorerOptions { Profile = profile, Jobs = jobs, Seeds = seeds }));

    internal static ExplorationScenario Endless() => new("endless", async (_, _) =>
    {
        while (true)
        {
            await Task.Yield();
        }
    });

    private static void AssertNondeterministic(ExplorationScenario scenario)
    {
        CampaignReport report = new Explorer(scenario, Options with { Jobs = 1, RunTwicePercent = 100 }).Run(Cancellation);
        ViolationGroup group = Assert.Single(report.Violations);
        Assert.Equal((ViolationClass.Nondeterminism, "nondeterminism.run-twice"), (group.First.Class, group.First.Name));
        Assert.Contains("first different event", group.First.Message, StringComparison.Ordinal);
        Assert.Contains("Client", group.First.Message, StringComparison.Ordinal);
        Assert.Equal(5, report.ExitCode);
    }

    private static RunResult Once(ExplorationScenario scenario, ulong seed) => scenario.Run(new ScenarioRequest { Seed = seed }).Result;

    private static IEnumerable<ulong> Seeds(ulong from, ulong before)
    {
        for (ulong seed = from; seed < before; seed++)
        {
            yield return seed;
        }
    }

    private sealed class Throwing : IScenario
    {
        public string Name => "throwing";

        public string Description => "throws";

        public IReadOnlyList<string> RequiredProbes => [];

        public ScenarioOutcome Run(ScenarioRequest request) => throw new InvalidOperationException("a broken scenario");
    }
}
