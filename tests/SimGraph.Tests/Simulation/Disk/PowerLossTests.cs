// Negative controls of power loss: a program that leaves out one step of durability loses data, and the one that takes it does not.

using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Conformance;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

public sealed class PowerLossTests
{
    private const int Seeds = 60;
    private static readonly byte[] Old = DiskExpectations.Pattern(3_000, 1);
    private static readonly byte[] New = DiskExpectations.Pattern(3_000, 2);

    [Fact]
    public void A_writer_that_does_not_flush_loses_bytes_for_some_seeds_and_one_that_does_never() => Compare(
        async (disk, correct) =>
        {
            await using IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
            await disk.FlushDirectoryAsync("", CancellationToken.None);
            await file.WriteAsync(0, New);
            if (correct)
            {
                await file.FlushAsync(CancellationToken.None);
            }
        },
        kept: disk => New.AsSpan().SequenceEqual(disk.Peek("a")),
        fault: "disk.lost-writes");

    [Fact]
    public void A_writer_that_forgets_to_flush_the_folder_loses_the_file_for_some_seeds() => Compare(
        async (disk, correct) =>
        {
            await using IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
            await file.WriteAsync(0, New);
            await file.FlushAsync(CancellationToken.None);
            if (correct)
            {
                await disk.FlushDirectoryAsync("", CancellationToken.None);
            }
        },
        kept: disk => New.AsSpan().SequenceEqual(disk.Peek("a")),
        fault: "disk.lost-names");

    [Fact]
    public void Overwriting_in_place_tears_and_renaming_a_flushed_file_does_not() => Compare(
        async (disk, correct) =>
        {
            await disk.PutDurablyAsync("a", Old);
            if (!correct)
            {
                await using IFile file = await disk.OpenAsync("a", FileOpenMode.Existing);
                await file.WriteAsync(0, New);
                return;
            }

            await disk.PutDurablyAsync("a.tmp", New);
            await disk.RenameAsync("a.tmp", "a", CancellationToken.None);
        },
        kept: disk => New.AsSpan().SequenceEqual(disk.Peek("a")) || Old.AsSpan().SequenceEqual(disk.Peek("a")),
        fault: "disk.torn-write");

    [Fact]
    public void Renaming_a_file_that_was_not_flushed_leaves_holes_for_some_seeds() => Compare(
        async (disk, correct) =>
        {
            await disk.PutDurablyAsync("a", Old);
            await using IFile file = await disk.OpenAsync("a.tmp", FileOpenMode.CreateNew);
            await file.WriteAsync(0, New);
            if (correct)
            {
                await file.FlushAsync(CancellationToken.None);
            }

            await disk.RenameAsync("a.tmp", "a", CancellationToken.None);
            await disk.FlushDirectoryAsync("", CancellationToken.None);
        },
        kept: disk => New.AsSpan().SequenceEqual(disk.Peek("a")),
        fault: "disk.lost-writes");

    [Fact]
    public void A_flush_does_not_cover_a_write_that_began_after_it() => Compare(
        async (disk, correct) =>
        {
            await using IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
            await disk.FlushDirectoryAsync("", CancellationToken.None);
            ValueTask flush = file.FlushAsync(CancellationToken.None);
            await file.WriteAsync(0, New);
            await flush;
            if (correct)
            {
                await file.FlushAsync(CancellationToken.None);
            }
        },
        kept: disk => New.AsSpan().SequenceEqual(disk.Peek("a")),
        fault: "disk.lost-writes");

    [Fact]
    public void A_file_can_come_back_short_or_with_zeros_or_torn_in_the_middle()
    {
        bool isShort = false;
        bool hasZeros = false;
        bool hasHole = false;
        for (ulong seed = 1; seed <= 400; seed++)
        {
            byte[]? left = null;
            DiskLab.Run(seed, DiskFaultOptions.None, async machine =>
            {
                await machine.LosePowerAfterAsync(async disk =>
                {
                    await using IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
                    await disk.FlushDirectoryAsync("", CancellationToken.None);
                    await file.WriteAsync(0, New);
                });
                left = machine.Disk.Peek("a");
            });
            isShort |= left!.Length < New.Length;
            hasZeros |= left.Length > 0 && left.AsSpan().IndexOfAnyExcept((byte)0) < 0;
            hasHole |= left.Length == New.Length && left[0] == New[0] && left[^1] == New[^1] && !left.AsSpan().SequenceEqual(New);
        }

        Assert.True(isShort);
        Assert.True(hasZeros);
        Assert.True(hasHole);
    }

    [Theory]
    [InlineData(PowerLossPolicy.LosesAll, 0)]
    [InlineData(PowerLossPolicy.LosesNothing, 2)]
    public void A_scenario_can_say_what_power_loss_takes(PowerLossPolicy policy, int filesLeft) =>
        DiskLab.Run(1, DiskFaultOptions.None with { PowerLoss = policy }, async machine =>
        {
            await machine.LosePowerAfterAsync(async disk =>
            {
                await disk.PutAsync("a", New);
                await disk.PutAsync("b", New);
            });
            Assert.Equal(filesLeft, machine.Disk.Files().Count);
            await machine.RunAsync(async disk =>
                Assert.Equal(filesLeft, (await disk.ListAsync("", CancellationToken.None)).Count));
        });

    [Fact]
    public void A_crash_keeps_what_was_written_and_closes_the_handles() =>
        DiskLab.Run(1, DiskFaultOptions.None with { PowerLoss = PowerLossPolicy.LosesAll }, async machine =>
        {
            await machine.CrashAfterAsync(async disk =>
            {
                IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
                await file.WriteAsync(0, New);
            });
            await machine.RunAsync(async disk => Assert.Equal(New, await disk.GetAsync("a")));
            Assert.Equal(4_096, machine.Disk.BytesUsed);
        });

    [Fact]
    public void A_write_in_flight_at_a_crash_leaves_nothing_a_part_or_all_of_it()
    {
        var lengths = new SortedSet<int>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            DiskLab.Run(seed, DiskFaultOptions.None, async machine =>
            {
                ValueTask abandoned = default;
                await machine.CrashAfterAsync(async disk =>
                {
                    IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
                    abandoned = file.WriteAsync(0, New, CancellationToken.None);
                });
                byte[] left = machine.Disk.Peek("a")!;
                Assert.Equal(New[..left.Length], left);
                lengths.Add(left.Length);
            });
        }

        Assert.Contains(0, lengths);
        Assert.Contains(New.Length, lengths);
        Assert.Contains(lengths, length => length > 0 && length < New.Length);
    }

    [Fact]
    public void A_wiped_disk_is_empty() =>
        DiskLab.Run(1, DiskFaultOptions.None, async machine =>
        {
            await machine.RunAsync(disk => disk.PutDurablyAsync("a", New));
            machine.Wipe();
            Assert.Empty(machine.Disk.Files());
            Assert.Equal(0, machine.Disk.BytesUsed);
        });

    private static void Compare(
        Func<IDisk, bool, Task> program, Func<SimulatedDisk, bool> kept, string fault)
    {
        var faults = new HashSet<string>();
        int Losses(bool correct) => DiskLab.CountSeeds(Seeds, seed =>
        {
            bool lost = false;
            RunResult result = DiskLab.Run(seed, DiskFaultOptions.None, async machine =>
            {
                await machine.LosePowerAfterAsync(disk => program(disk, correct));
                lost = !kept(machine.Disk);
            });
            faults.UnionWith(correct ? [] : result.Faults.Keys);
            return lost;
        });

        Assert.Equal(0, Losses(correct: true));
        Assert.InRange(Losses(correct: false), 1, Seeds - 1);
        Assert.Contains(fault, faults);
    }
}
