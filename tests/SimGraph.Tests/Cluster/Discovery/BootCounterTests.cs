using SimGraph.Cluster.Discovery;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class BootCounterTests
{
    [Fact]
    public void No_number_is_handed_out_twice_though_power_fails_at_any_time()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            RunResult result = Worlds.Run(seed, async (world, harness) =>
            {
                Machine machine = world.AddMachine("n1", new MachineOptions());
                ulong last = 0;
                for (int boot = 0; boot < 20; boot++)
                {
                    machine.Boot(async (platform, stop) =>
                    {
                        ulong epoch = await BootCounter.NextAsync(platform.Disk, "discovery", stop);
                        Assert.True(epoch > last, $"epoch {epoch} after {last}");
                        last = epoch;
                    });
                    await harness.Clock.DelayAsync(
                        TimeSpan.FromMicroseconds(world.Choose(world.Site("test.life"), world.Harness, 3000)), CancellationToken.None);
                    machine.PowerLoss();
                }

                Assert.NotEqual(0UL, last);
            });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        }
    }

    [Fact]
    public void A_damaged_counter_is_refused_with_advice()
    {
        RunResult result = Worlds.Run(1, async (_, harness) =>
        {
            Assert.Equal(1UL, await BootCounter.NextAsync(harness.Disk, "discovery", CancellationToken.None));
            await using (IFile file = await harness.Disk.OpenAsync("discovery/boots", FileOpenMode.Existing, CancellationToken.None))
            {
                await file.WriteAsync(5, new byte[] { 7 }, CancellationToken.None);
            }

            BootCounterException refusal = await Assert.ThrowsAsync<BootCounterException>(
                () => BootCounter.NextAsync(harness.Disk, "discovery", CancellationToken.None));
            Assert.Contains("'discovery/boots' is damaged", refusal.Message, StringComparison.Ordinal);
        });
        Assert.Null(result.Violation);
    }
}
