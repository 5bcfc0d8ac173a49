using FsCheck;
using FsCheck.Fluent;
using SimGraph.Properties.Backup;
using SimGraph.Properties.Cluster;
using SimGraph.Properties.Discovery;
using SimGraph.Properties.Fanout;
using SimGraph.Properties.Queries;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Properties.Plans;

/// <summary>
/// Whatever plan is drawn, everything that a scenario checks holds: acknowledged writes survive, replicas agree, histories are linearizable, what is deleted stays deleted, every end of an edge knows it,
/// a backup restores, and nothing outlives a stop. A plan that fails is made smaller, and written as code. SIMGRAPH_PLANS_SEED and SIMGRAPH_PLANS_FACTOR make other plans and more, for nightly runs.
/// </summary>
public sealed class PlanProperties
{
    private const int PlansTwice = 5;

    private static readonly PlanSubject[] Subjects =
    [
        new(new ClusterScenario(), 40, "script.Crash", "script.PowerLoss", "script.GracefulRestart", "raft.leader-elected", "raft.suffix-truncated", "repl.snapshot-installed", "session.duplicate-request", "wal.tail-cut"),
        new(new FanoutScenario(), 40, "crash", "wipe", "fanout.gap-found", "fanout.state-installed", "fanout.source-changed", "fanout.malformed"),
        new(new BackupScenario(), 10, "script.Crash", "backup.taker-down", "backup.taken-while-writing"),
        new(new DiscoveryScenario(), 40, "script.Crash", "script.Split", "discovery.member-died", "discovery.member-came-back"),
        new(new QueryScenario(), 40, "query.abandoned-full", "query.cancelled-in-the-middle", "query.pool-stopped-with-work", "query.handler-running-at-unsubscribe"),
    ];

    public static TheoryData<string> Names => [.. Subjects.Select(subject => subject.Scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_that_is_checked_holds_for_every_plan(string name)
    {
        PlanSubject subject = Subjects.Single(one => one.Scenario.Name == name);
        var met = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Try(subject, subject.Plans * NightlySettings.Read("SIMGRAPH_PLANS_FACTOR", 1), run =>
        {
            RunResult result = Run(subject, run);
            Assert.True(result.Violation is null, $"{result.Violation}\n{RegressionTest.PlanOf(run)}");
            IEnumerable<string> shown = result.Faults.Where(fault => fault.Value > 0).Select(fault => fault.Key).Concat(result.Probes.Where(probe => probe.Value.Hits > 0).Select(probe => probe.Key));
            foreach (string one in shown)
            {
                met[one] = met.GetValueOrDefault(one) + 1;
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}, of {subject.Plans} plans: {string.Join(", ", met.Select(one => $"{one.Value} {one.Key}"))}");
        Assert.All(subject.Met, one => Assert.True(met.ContainsKey(one), $"no plan met {one}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_plan_gives_the_same_hash(string name)
    {
        PlanSubject subject = Subjects.Single(one => one.Scenario.Name == name);
        Try(subject, PlansTwice, run => Assert.Equal(Run(subject, run).Hash, Run(subject, run).Hash));
    }

    private static void Try(PlanSubject subject, int plans, Action<FailingCase> check) => Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(plans).WithReplay((ulong)NightlySettings.Read("SIMGRAPH_PLANS_SEED", 20_260_101), 1),
        Prop.ForAll(PlannedRuns.Of(subject.Scenario, Profiles.Swarm), check));

    private static RunResult Run(PlanSubject subject, FailingCase run) =>
        subject.Scenario.Run(new ScenarioRequest { Seed = run.Seed, Choices = run.CreateChoices() }, run.Plan).Result;
}
