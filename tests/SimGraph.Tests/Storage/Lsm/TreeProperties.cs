using FsCheck.Fluent;
using FsCheck.Xunit;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TreeProperties
{
    [Property(MaxTest = 60, StartSize = 20, EndSize = 150)]
    public async Task Whatever_is_done_to_it_a_tree_equals_a_sorted_map_for_each_sequence(byte[] script)
    {
        var disk = new MemoryDisk();
        StoragePlatform Restart(bool powerLoss)
        {
            disk = powerLoss ? disk.LosePower(() => false) : disk;
            return new StoragePlatform(disk);
        }

        await using var life = new TreeScript(Restart, TreeLab.Tiny);
        await life.RunAsync(script);
    }

    [Fact]
    public void On_the_simulated_disk_too()
    {
        for (ulong seed = 1; seed <= 25; seed++)
        {
            byte[] script = new byte[80];
            new Random((int)seed).NextBytes(script);
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions());
                ProcessExit exit = await machine.Boot(async (platform, _) =>
                {
                    await using var life = new TreeScript(_ => platform, TreeLab.Tiny);
                    await life.RunAsync(script);
                }).Exited;
                Assert.Equal(ProcessExitKind.Returned, exit.Kind);
            });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        }
    }
}
