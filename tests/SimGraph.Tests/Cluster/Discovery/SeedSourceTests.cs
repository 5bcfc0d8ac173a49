using SimGraph.Cluster.Discovery;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class SeedSourceTests
{
    [Fact]
    public void Names_are_resolved_anew_and_a_name_that_fails_or_hangs_keeps_its_last_hosts()
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            var source = new CombinedSeedSource(
                new StaticSeedSource([new NetworkAddress("s", 1), new NetworkAddress("n1", 9)]),
                new DnsSeedSource(harness, [new NetworkAddress("db.test", 9), new NetworkAddress("none.test", 9)]));
            world.Network.Names.Set("db.test", "n2", "n1");
            Assert.Equal(["s:1", "n1:9", "n2:9"], await FindAsync(source));
            world.Network.Names.Set("db.test", "n3");
            Assert.Equal(["s:1", "n1:9", "n3:9"], await FindAsync(source));
            world.Network.Names.IsFailing = true;
            Assert.Equal(["s:1", "n1:9", "n3:9"], await FindAsync(source));
            world.Network.Names.Latency = Timeout.InfiniteTimeSpan;
            TimeSpan before = world.Now;
            Assert.Equal(["s:1", "n1:9", "n3:9"], await FindAsync(source));
            Assert.Equal(TimeSpan.FromSeconds(6), world.Now - before);
        });
        Assert.Null(result.Violation);
    }

    [Fact]
    public void Seeds_without_a_port_and_too_many_seeds_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new StaticSeedSource([new NetworkAddress("n1", 0)]));
        Assert.Throws<ArgumentException>(() => new StaticSeedSource(Enumerable.Range(1, 65).Select(port => new NetworkAddress("n1", port))));
    }

    private static async Task<IEnumerable<string>> FindAsync(CombinedSeedSource source) =>
        (await source.FindAsync(CancellationToken.None)).Select(seed => seed.ToString());
}
