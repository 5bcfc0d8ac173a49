using FsCheck;
using FsCheck.Fluent;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Stops.Components;
using Xunit;

namespace SimGraph.Tests.Stops;

/// <summary>
/// No component outlives its stop: whatever it was doing, whatever its peers and its disk were doing, however many called for it. The table of docs/architecture.md has a row for each.
/// SIMGRAPH_STOPS_SEED and SIMGRAPH_STOPS_FACTOR change the stops and multiply them, for nightly runs.
/// </summary>
public sealed class StopProperties
{
    private const int StopsEach = 100;

    private static readonly StopSubject[] Subjects =
    [
        new WriteAheadLogStops(),
        new LsmTreeStops(),
        new KeyValueStoreStops(),
        new AuditLogStops(),
        new ReplicaNodeStops(),
        ClientStops.Graph,
        ClientStops.Administrator,
        ClientStops.Forwarding,
        new CommittedPublisherStops(),
        new ReadReplicaStops(),
        new DiscoveryServiceStops(),
        new BackupStops(),
        new WorkerPoolStops(),
        new PipelineStops(),
        new ChangeFeedStops(),
    ];

    public static TheoryData<string> Names => [.. Subjects.Select(subject => subject.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stop_at_any_moment_ends_in_time_leaves_nothing_and_answers_everybody(string component)
    {
        StopSubject subject = Subjects.Single(one => one.Name == component);
        var met = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true)
                .WithMaxTest(StopsEach * NightlySettings.Read("SIMGRAPH_STOPS_FACTOR", 1))
                .WithReplay((ulong)NightlySettings.Read("SIMGRAPH_STOPS_SEED", 20_260_101), 1),
            Prop.ForAll(StopPlan.Among(subject.Faults), plan =>
            {
                RunResult result = StopRun.Run(subject, plan);
                Assert.True(result.Violation is null, $"{component}, {plan}: {result.Violation}");
                foreach ((string state, long count) in result.Counters)
                {
                    met[state] = met.GetValueOrDefault(state) + count;
                }
            }));
        TestContext.Current.TestOutputHelper?.WriteLine($"{component}: {string.Join(", ", met.Select(state => $"{state.Value} {state.Key}"))}");
        Assert.All(subject.States, state => Assert.True(met.ContainsKey(state), $"no stop met it {state}"));
    }
}
