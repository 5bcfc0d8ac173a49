using FsCheck;
using FsCheck.Fluent;
using SimGraph.Properties.Storage;
using SimGraph.Properties.Storage.Trees;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class LsmCrashProperties
{
    private static readonly StorageLimits Limits = StorageLimits.Of(Profiles.Lite) with { RecoveriesMax = 80, FailuresMax = 20, FlipsMax = 30, DepthMax = 2 };

    [Fact]
    public void Whatever_a_tree_does_every_crash_leaves_what_was_durable() =>
        Check(6, StorageSize.Small, (worlds, plan) => new CrashExplorer(worlds, Limits, seed: 3).Explore(_ => new LsmWorkload(plan)));

    [Fact]
    public void Whatever_a_tree_does_every_failure_of_the_disk_leaves_what_was_durable() =>
        Check(4, StorageSize.Small, (worlds, plan) => new FailureExplorer(worlds, Limits, seed: 3).Explore(() => new LsmWorkload(plan), new LsmWorkload(plan)));

    [Fact]
    public void Whatever_a_tree_does_it_survives_many_lives() => Check(6, StorageSize.Medium, (worlds, plan) => Live(worlds, plan));

    [Fact]
    public void Whatever_a_tree_does_it_notices_flipped_bits() =>
        Check(5, StorageSize.Small, (worlds, plan) => new RotExplorer(worlds, Limits, seed: 3).Explore(new LsmWorkload(plan)));

    [Fact]
    public void Whatever_a_store_does_every_crash_leaves_what_was_acknowledged() =>
        Check(6, StorageSize.Small, (worlds, plan) => new CrashExplorer(worlds, Limits, seed: 3).Explore(_ => StoreOf(plan).Create()));

    [Fact]
    public void Whatever_a_store_does_it_survives_many_lives() => Check(6, StorageSize.Medium, (worlds, plan) => Live(worlds, StoreOf(plan)));

    [Fact]
    public void Plans_shrink_to_the_one_change_that_matters()
    {
        LsmPlan[] plans = [.. Enumerable.Range(0, 60).Select(seed => LsmPlans.Draw((ulong)seed, StorageSize.Large)).Where(Matters)];
        Assert.InRange(plans.Length, 20, 60);
        Assert.All(plans, large =>
        {
            LsmPlan plan = large;
            while (LsmPlans.Shrink(plan).FirstOrDefault(Matters) is { } smaller)
            {
                plan = smaller;
            }

            LsmOperation operation = Assert.Single(plan.Operations);
            Assert.Equal("apply +0 {-0*}", operation.ToString());
            Assert.False(plan.StopsBusy);
        });

        static bool Matters(LsmPlan plan) => plan.Operations.Any(operation => operation.Changes.Any(change => change.Kind == PlannedChangeKind.DeletePrefix));
    }

    [Fact]
    public void A_tree_that_lost_a_durable_batch_is_told_from_one_that_never_had_it()
    {
        PlannedChange[] changes = [new PlannedChange(PlannedChangeKind.Put, 1, 0, 3)];
        TreeContent after = TreeContent.Empty.After(changes, 4);
        TreeExpectation expectation = TreeExpectation.Nothing with { History = TreeExpectation.Nothing.History.Add(new TreeMoment(4, changes, after)) };

        Assert.Empty(expectation.Find(0).Content.Pairs);
        Assert.Single(expectation.Find(4).Content.Pairs);
        Assert.Equal("lsm.durable-lost", Assert.Throws<StorageViolationException>(() => (expectation with { Certain = 4 }).Find(0)).ViolationName);
        Assert.Equal("lsm.impossible-sequence", Assert.Throws<StorageViolationException>(() => expectation.Find(5)).ViolationName);
    }

    [Fact]
    public void A_store_may_hold_any_number_of_its_pending_writes_in_order_but_all_that_it_acknowledged()
    {
        static PlannedChange[] Put(int key) => [new PlannedChange(PlannedChangeKind.Put, key, 0, 2)];
        static KeyValuePair<string, byte[]>[] Held(TreeContent content) => [.. content.Pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToBytes()))];
        KeyValueExpectation expectation = KeyValueExpectation.Nothing.Begin(Put(1)).Begin(Put(2)).Begin(Put(3));
        TreeContent one = TreeContent.Empty.After(Put(1), 1);
        TreeContent two = one.After(Put(2), 2);
        TreeContent all = two.After(Put(3), 3);

        foreach (TreeContent possible in (TreeContent[])[TreeContent.Empty, one, two, all])
        {
            Assert.True(KeyValueExpectation.IsSame(expectation.Find(Held(possible)), Held(possible)));
        }

        KeyValueExpectation acknowledged = expectation.Acknowledge(2);
        Assert.Throws<StorageViolationException>(() => acknowledged.Find(Held(one)));
        Assert.True(KeyValueExpectation.IsSame(acknowledged.Find(Held(two)), Held(two)));
        Assert.True(KeyValueExpectation.IsSame(acknowledged.Acknowledge(1).Certain, Held(two)));
        Assert.Throws<StorageViolationException>(() => expectation.Refuse(3).Find(Held(all)));
        Assert.Equal("kv.acknowledged-lost", Assert.Throws<StorageViolationException>(() => expectation.Acknowledge(1).Find([])).ViolationName);
    }

    private static KeyValuePlan StoreOf(LsmPlan plan) => new(plan, SegmentBytes: 1_000, InFlightMax: 4);

    private static void Live(WorldSeries worlds, WorkloadPlan workload)
    {
        const int Lives = 6;
        new LivesExplorer(worlds, seed: 3).Explore([.. Enumerable.Range(0, Lives).Select(life => new LifePlan(workload, DiskFaultOptions.None, 1 + (life * 23), (LifeEnd)(life % 3)))]);
    }

    private static void Check(int tests, StorageSize size, Action<WorldSeries, LsmPlan> explore) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(tests),
        Prop.ForAll(LsmPlans.Of(size), plan =>
        {
            var worlds = new WorldSeries(new ScenarioRequest { Seed = 3 }, seed: 3, chancePoints: true, static _ => false);
            explore(worlds, plan);
            Violation? violation = worlds.Violation;
            return violation is null ? true : throw new InvalidOperationException($"{violation.Name}: {violation.Message}");
        }));
}
