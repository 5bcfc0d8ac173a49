using SimGraph.Properties.Coyote;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>Coyote's engine answers every choice of whole simulated runs, un-rewritten.</summary>
public sealed class CoyoteExplorerTests
{
    [Fact]
    public void A_planted_bug_is_found_and_replayed_to_the_same_hash_by_both_engines()
    {
        CoyoteFinding found = Explore(new CoyoteOptions { Seed = 5, Runs = 500 }, choices => Run(choices, LostUpdateAsync));
        Assert.True(found.Failed);
        Assert.Contains("an update was lost", found.Report, StringComparison.Ordinal);
        Assert.Contains("an update was lost", found.Result!.Violation!.Message, StringComparison.Ordinal);

        for (int round = 0; round < 2; round++)
        {
            CoyoteFinding replayed = CoyoteExplorer.Replay(found.Trace!, choices => Run(choices, LostUpdateAsync));
            Assert.Equal(1, replayed.Runs);
            Assert.True(replayed.Failed);
            Assert.Equal(found.Result.Hash, replayed.Result!.Hash);
            Assert.Equal(found.Result.Steps, replayed.Result.Steps);
        }

        // The same choices without Coyote.
        Assert.Equal(found.Result.Hash, Run(new ReplayChoices(found.Choices!), LostUpdateAsync).Hash);
    }

    [Fact]
    public void The_same_seed_explores_the_same_runs()
    {
        List<ulong> first = Hashes(seed: 9);
        Assert.Equal(first, Hashes(seed: 9));
        Assert.NotEqual(first, Hashes(seed: 1000));

        // Seeds are consecutive, whatever the number of runs before.
        Assert.Equal(first[13], Hashes(seed: 9 + 13)[0]);
        Assert.True(first.Distinct().Count() > 1);
    }

    [Fact]
    public void A_program_without_the_bug_holds_in_every_run()
    {
        CoyoteFinding finding = Explore(new CoyoteOptions { Runs = 100 }, choices => Run(choices, NoLostUpdateAsync));
        Assert.Null(finding.Report);
        Assert.Equal(100, finding.Runs);
        Assert.Equal(100U, finding.Seed);
    }

    [Theory]
    [InlineData(1U)]
    [InlineData(2U)]
    [InlineData(1U << 31)]
    [InlineData((1U << 31) + 12_345)]
    [InlineData(uint.MaxValue)]
    public void Every_bound_is_kept_and_large_ones_are_reached(uint bound)
    {
        uint largest = 0;
        CoyoteFinding finding = Explore(new CoyoteOptions { Runs = 8 }, choices => Run(choices, (world, _) =>
        {
            ChoiceSite site = world.Site("test.bound");
            for (int draw = 0; draw < 100; draw++)
            {
                uint value = world.Choose(site, world.Harness, bound);
                Assert.True(value < bound);
                largest = Math.Max(largest, value);
            }

            return Task.CompletedTask;
        }));
        Assert.False(finding.Failed, finding.Report);
        Assert.True(largest >= (bound - 1) / 2);
    }

    private static CoyoteFinding Explore(CoyoteOptions options, Func<IChoiceSource, RunResult> run) =>
        CoyoteExplorer.Explore(options, run, TestContext.Current.CancellationToken);

    private static List<ulong> Hashes(uint seed)
    {
        var hashes = new List<ulong>();
        Explore(new CoyoteOptions { Seed = seed, Runs = 20 }, choices =>
        {
            RunResult result = Run(choices, NoLostUpdateAsync);
            hashes.Add(result.Hash);
            return result;
        });
        return hashes;
    }

    private static RunResult Run(IChoiceSource choices, Func<World, IPlatform, Task> scenario) =>
        new World(new WorldOptions { Choices = choices }).Run(scenario);

    private static Task NoLostUpdateAsync(World world, IPlatform platform) => UpdateAsync(platform, isAtomic: true);

    private static Task LostUpdateAsync(World world, IPlatform platform) => UpdateAsync(platform, isAtomic: false);

    /// <summary>Four tasks add one to a register at random times; the broken ones wait between reading and writing.</summary>
    private static async Task UpdateAsync(IPlatform platform, bool isAtomic)
    {
        int register = 0;
        Random random = platform.Random.Get("test.think-time");
        var scope = new TaskScope(platform.Tasks, "updates");
        var tasks = new List<ScopedTask>();
        for (int i = 0; i < 4; i++)
        {
            tasks.Add(scope.Run("update", async stopping =>
            {
                await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(random.Next(1, 200)), stopping);
                int read = register;
                if (!isAtomic)
                {
                    await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(2), stopping);
                }

                register = read + 1;
            }));
        }

        foreach (ScopedTask task in tasks)
        {
            await task.Completion;
        }

        await scope.StopAsync();
        if (register != tasks.Count)
        {
            throw new InvalidDataException($"an update was lost: {register} of {tasks.Count}");
        }
    }
}
