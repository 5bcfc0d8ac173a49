using FsCheck.Xunit;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime;
using Xunit;

namespace SimGraph.Tests.Cluster;

/// <summary>The whole protocol under random schedules with every fault of a toy network and crashes at every stage.</summary>
public sealed class ConsensusProtocolTests
{
    private const int Schedules = 2100;
    private const int StepsPerSchedule = 3000;
    private const int HealingRoundsMax = 300;

    private static readonly string[] ExpectedProbes =
    [
        "raft.append-rejected",
        "raft.appends-pipelined",
        "raft.campaign-at-request",
        "raft.election-timed-out-split-vote",
        "raft.leader-elected",
        "raft.leader-removed-itself",
        "raft.leader-stepped-down-without-quorum",
        "raft.membership-rolled-back",
        "raft.pre-vote-rejected",
        "raft.proposal-refused-uncommitted-full",
        "raft.snapshot-already-in-log",
        "raft.snapshot-installed",
        "raft.snapshot-needed",
        "raft.snapshot-stale",
        "raft.stale-term-message",
        "raft.suffix-truncated",
        "raft.transfer-begun",
        "raft.transfer-timed-out",
        "raft.vote-request-ignored",
        "raft.yielded-to-priority",
    ];

    [Fact]
    public void Safety_holds_in_every_schedule_and_progress_returns_when_the_faults_end()
    {
        SortedDictionary<string, int> hits = new(StringComparer.Ordinal);
        ulong committed = 0;
        int readsConfirmed = 0;
        int readsFailed = 0;
        int changes = 0;
        for (int seed = 0; seed < Schedules; seed++)
        {
            ToyCluster cluster = new(seed);
            try
            {
                cluster.RunWithFaults(StepsPerSchedule);
                cluster.RunUntilHealed(HealingRoundsMax);
            }
            catch (Exception failure) when (failure is ProtocolViolationException or InvariantViolationException or ArgumentException)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }

            committed += cluster.Checker.CommittedIndex;
            readsConfirmed += cluster.Checker.ReadsConfirmed;
            readsFailed += cluster.Checker.ReadsFailed;
            changes += cluster.Checker.MembershipChanges;
            foreach ((string name, int count) in cluster.Probes.Hits)
            {
                hits[name] = hits.GetValueOrDefault(name) + count;
            }
        }

        // Schedules in which nothing happens prove nothing.
        string report = string.Join(", ", hits.Select(h => $"{h.Key} {h.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"committed {committed}, {changes} of them changes of the membership, reads {readsConfirmed} + {readsFailed} failed; {report}");
        Assert.True(committed > Schedules * 5, $"only {committed} entries were committed");
        Assert.True(changes > Schedules, $"only {changes} changes of the membership were committed");
        Assert.True(readsConfirmed > Schedules && readsFailed > 0, $"{readsConfirmed} reads confirmed, {readsFailed} failed");
        foreach (string name in ExpectedProbes)
        {
            Assert.True(hits.ContainsKey(name), $"{name} was never reached; reached: {report}");
        }
    }

    [Property(MaxTest = 200)]
    public void No_lease_read_is_stale_while_clocks_keep_to_the_bound(int seed, byte drift)
    {
        double bound = drift / 255.0;
        ToyCluster cluster = new(seed & int.MaxValue, new ToyClocks(bound, Spread: bound));
        cluster.RunWithFaults(StepsPerSchedule);
        cluster.RunUntilHealed(HealingRoundsMax);
    }

    [Fact]
    public void Leases_are_granted_and_a_stale_read_is_found_when_clocks_break_the_bound()
    {
        int granted = 0;
        int stale = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            ToyCluster cluster = new(seed, new ToyClocks(Bound: 0.1, Spread: 4));
            try
            {
                cluster.RunWithFaults(StepsPerSchedule);
            }
            catch (ProtocolViolationException violation)
            {
                Assert.Contains("a stale lease read", violation.Message, StringComparison.Ordinal);
                stale++;
            }

            granted += cluster.Checker.LeaseReads;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{granted} lease reads, {stale} schedules with a stale one");
        Assert.True(granted > 1000, $"only {granted} lease reads were granted");
        Assert.True(stale > 0, "no stale read was found, so the check may be unable to find one");
    }

    [Fact]
    public void A_schedule_is_a_pure_function_of_its_seed()
    {
        string first = Run();
        Assert.Equal(first, Run());

        static string Run()
        {
            ToyCluster cluster = new(32);
            cluster.RunWithFaults(4000);
            return $"{cluster.Checker.CommittedIndex} {cluster.Checker.ReadsConfirmed} " + string.Join(",", cluster.Probes.Hits);
        }
    }
}
