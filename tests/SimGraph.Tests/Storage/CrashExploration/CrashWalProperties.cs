using FsCheck;
using FsCheck.Fluent;
using SimGraph.Properties.Storage;
using SimGraph.Properties.Storage.Wal;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Storage.CrashExploration;

public sealed class CrashWalProperties
{
    private static readonly StorageLimits Limits = StorageLimits.Of(Profiles.Lite);

    [Fact]
    public void Whatever_a_log_does_every_crash_leaves_what_was_acknowledged() =>
        Check(30, StorageSize.Small, (worlds, plan) => new CrashExplorer(worlds, Limits with { DepthMax = 2 }, seed: 3).Explore(_ => new WalWorkload(plan)));

    [Fact]
    public void Whatever_a_log_does_every_failure_of_the_disk_leaves_what_was_acknowledged() =>
        Check(10, StorageSize.Small, (worlds, plan) => new FailureExplorer(worlds, Limits, seed: 3).Explore(() => new WalWorkload(plan), new WalWorkload(plan)));

    [Fact]
    public void Whatever_a_log_does_it_survives_many_lives() => Check(15, StorageSize.Medium, (worlds, plan) =>
    {
        const int Lives = 8;
        new LivesExplorer(worlds, seed: 3).Explore([.. Enumerable.Range(0, Lives).Select(life => new LifePlan(plan, DiskFaultOptions.None, 1 + (life * 13), (LifeEnd)(life % 3)))]);
    });

    [Fact]
    public void Whatever_a_log_does_it_notices_flipped_bits() =>
        Check(10, StorageSize.Small, (worlds, plan) => new RotExplorer(worlds, Limits, seed: 3).Explore(new WalWorkload(plan)));

    [Fact]
    public void Plans_shrink_to_the_one_operation_that_matters()
    {
        WalPlan[] plans = [.. Enumerable.Range(0, 60).Select(seed => WalPlans.Draw((ulong)seed, StorageSize.Large)).Where(Matters)];
        Assert.InRange(plans.Length, 20, 60);
        Assert.All(plans, large =>
        {
            WalPlan plan = large;
            while (WalPlans.Shrink(plan).FirstOrDefault(Matters) is { } smaller)
            {
                plan = smaller;
            }

            Assert.Equal("segments of 20000, queue of 64, 0 zeros ahead, compressed from 0, settles before it stops: overwrite 0 by 1x0", plan.ToString());
        });

        static bool Matters(WalPlan plan) => plan.Operations.Any(operation => operation.Kind == WalOperationKind.Overwrite);
    }

    private static void Check(int tests, StorageSize size, Action<WorldSeries, WalPlan> explore) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(tests),
        Prop.ForAll(WalPlans.Of(size), plan =>
        {
            var worlds = new WorldSeries(new ScenarioRequest { Seed = 3 }, seed: 3, chancePoints: true, static _ => false);
            explore(worlds, plan);
            Violation? violation = worlds.Violation;
            return violation is null ? true : throw new InvalidOperationException($"{violation.Name}: {violation.Message}");
        }));
}
