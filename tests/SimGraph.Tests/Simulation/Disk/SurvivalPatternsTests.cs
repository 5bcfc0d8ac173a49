using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

public sealed class SurvivalPatternsTests
{
    [Fact]
    public void Every_subset_of_unflushed_writes_and_every_prefix_of_names_survives_once()
    {
        DiskSnapshot snapshot = Snapshot(async disk =>
        {
            await using IFile file = await CreateFlushedAsync(disk);
            for (int i = 0; i < 3; i++)
            {
                // Sectors of their own, so that none brings another along.
                await file.WriteAsync(i * 512, new byte[] { 1 }, CancellationToken.None);
            }

            await using IFile second = await disk.OpenAsync("second", FileOpenMode.CreateNew, CancellationToken.None);
            await using IFile third = await disk.OpenAsync("third", FileOpenMode.CreateNew, CancellationToken.None);
        });

        Survivor[] subsets = [.. new SurvivalPatterns(snapshot, subsetsMax: 1_000, chosenMax: 0, seed: 1).All().Where(survivor => survivor.Pattern.StartsWith("subset", StringComparison.Ordinal))];

        Assert.Equal(8 * 3, subsets.Length);
        Assert.Equal(8 * 3, subsets.Select(survivor => survivor.Disk.Digest()).Distinct().Count());
    }

    [Fact]
    public void More_subsets_than_wanted_are_sampled()
    {
        DiskSnapshot snapshot = Snapshot(async disk =>
        {
            await using IFile file = await CreateFlushedAsync(disk);
            for (int i = 0; i < 20; i++)
            {
                await file.WriteAsync(i * 512, new byte[] { 1 }, CancellationToken.None);
            }
        });

        Survivor[] all = [.. new SurvivalPatterns(snapshot, subsetsMax: 50, chosenMax: 7, seed: 1).All()];

        Assert.Equal(50, all.Count(survivor => survivor.Pattern.StartsWith("sampled", StringComparison.Ordinal)));
        Assert.Equal(7, all.Count(survivor => survivor.Pattern.StartsWith("chosen", StringComparison.Ordinal)));
        Assert.True(all.Select(survivor => survivor.Disk.Digest()).Distinct().Count() > 45);
    }

    [Fact]
    public void The_extremes_come_first()
    {
        DiskSnapshot snapshot = Snapshot(async disk =>
        {
            await using IFile file = await CreateFlushedAsync(disk);
            await file.WriteAsync(0, new byte[] { 9 }, CancellationToken.None);
        });

        Survivor[] all = [.. new SurvivalPatterns(snapshot, subsetsMax: 0, chosenMax: 0, seed: 1).All()];

        Assert.Equal(["killed", "killed, calls in flight done", "all kept", "all lost"], all.Select(survivor => survivor.Pattern));
        Assert.Equal(1, all[0].Disk.Pending);
        Assert.Equal(9, FirstByte(all[2].Disk));
        Assert.Equal(0, FirstByte(all[3].Disk));
    }

    [Fact]
    public void Who_comes_after_a_kill_still_sees_what_a_failed_flush_forgot_and_nobody_does_after_a_power_loss()
    {
        var patterns = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 20; seed++)
        {
            DiskSnapshot? snapshot = null;
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions());
                await machine.Boot(async (platform, _) =>
                {
                    await using IFile file = await CreateFlushedAsync(platform.Disk);
                    await using IFile second = await platform.Disk.OpenAsync("second", FileOpenMode.CreateNew, CancellationToken.None);
                    machine.Disk.FailNext(DiskFaultKind.FailedDirectoryFlush);
                    await Assert.ThrowsAsync<DiskException>(async () => await platform.Disk.FlushDirectoryAsync(string.Empty, CancellationToken.None));
                    await platform.Disk.FlushDirectoryAsync(string.Empty, CancellationToken.None);
                }).Exited;
                snapshot = machine.Disk.TakeSnapshot();

                // The machine is off. Its power can fail all the same.
                machine.PowerLoss();
                Assert.Equal(new SurvivalPatterns(snapshot, 0, 0, 1).All().Last().Disk.Files, machine.Disk.Files());
            });
            Assert.Null(result.Violation);
            Assert.Equal(0, snapshot!.Pending);
            foreach (Survivor survivor in new SurvivalPatterns(snapshot, subsetsMax: 0, chosenMax: 0, seed: 1).All())
            {
                patterns.Add($"{survivor.Pattern}: {string.Join(' ', survivor.Disk.Files)}");
            }
        }

        Assert.Equal(["at rest: first", "at rest: first second", "killed: first second"], patterns);
    }

    [Fact]
    public void A_call_in_flight_may_have_landed_or_not_and_the_bytes_are_those_of_the_moment()
    {
        DiskSnapshot? snapshot = null;
        byte[] buffer = [7];
        Run((machine, disk) =>
        {
            machine.Disk.OperationLanding = () => snapshot = machine.Disk.TakeSnapshot();
            return WriteAsync(disk);

            async Task WriteAsync(IDisk disk)
            {
                await using IFile file = await CreateFlushedAsync(disk);
                await file.WriteAsync(0, buffer, CancellationToken.None);
                machine.Disk.OperationLanding = null;
                buffer[0] = 8;
            }
        });

        byte[] found = [.. new SurvivalPatterns(snapshot!, subsetsMax: 100, chosenMax: 0, seed: 1).All().Where(survivor => survivor.LosesPower)
            .Select(survivor => FirstByte(survivor.Disk)).Distinct().Order()];

        Assert.Equal([0, 7], found);
    }

    [Fact]
    public void A_disk_at_rest_has_one_survivor()
    {
        DiskSnapshot snapshot = Snapshot(async disk => await (await CreateFlushedAsync(disk)).DisposeAsync());

        Assert.Single(new SurvivalPatterns(snapshot, subsetsMax: 100, chosenMax: 10, seed: 1).All());
    }

    [Fact]
    public void The_nth_operation_fails_and_no_other()
    {
        var failed = new List<int>();
        Run((machine, disk) =>
        {
            machine.Disk.FailAt(DiskFaultKind.WriteError, 3);
            return WriteAsync();

            async Task WriteAsync()
            {
                await using IFile file = await CreateFlushedAsync(disk);
                for (int i = 2; i <= 6; i++)
                {
                    try
                    {
                        await file.WriteAsync(0, new byte[] { 1 }, CancellationToken.None);
                    }
                    catch (DiskException)
                    {
                        failed.Add(i);
                    }
                }

                Assert.Equal(6, machine.Disk.OpportunitiesOf(DiskFaultKind.WriteError));
            }
        });

        Assert.Equal([3], failed);
    }

    private static async Task<IFile> CreateFlushedAsync(IDisk disk)
    {
        IFile file = await disk.OpenAsync("first", FileOpenMode.CreateNew, CancellationToken.None);
        await file.WriteAsync(0, new byte[32 * 512], CancellationToken.None);
        await file.FlushAsync(CancellationToken.None);
        await disk.FlushDirectoryAsync(string.Empty, CancellationToken.None);
        return file;
    }

    private static byte FirstByte(DiskSnapshot disk)
    {
        byte first = 255;
        Run(
            (_, files) => ReadAsync(files),
            disk);
        return first;

        async Task ReadAsync(IDisk files)
        {
            byte[] buffer = new byte[1];
            await using IFile file = await files.OpenAsync("first", FileOpenMode.Existing, CancellationToken.None);
            Assert.Equal(1, await file.ReadAsync(0, buffer, CancellationToken.None));
            first = buffer[0];
        }
    }

    private static DiskSnapshot Snapshot(Func<IDisk, Task> program)
    {
        DiskSnapshot? snapshot = null;
        Run((machine, disk) => WorkAsync(machine, disk));
        return snapshot!;

        async Task WorkAsync(Machine machine, IDisk disk)
        {
            await program(disk);
            snapshot = machine.Disk.TakeSnapshot();
        }
    }

    private static void Run(Func<Machine, IDisk, Task> program, DiskSnapshot? start = null)
    {
        var world = new World(new WorldOptions { Seed = 1 });
        RunResult result = world.Run(async (_, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Disk.Load(start ?? DiskSnapshot.Empty);
            Incarnation process = machine.Boot(async (platform, _) => await program(machine, platform.Disk));
            await process.Exited;
        });
        Assert.Null(result.Violation);
    }
}
