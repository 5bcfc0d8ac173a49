// Negative controls: each kind of fault fires, is counted, and takes data from a program that ignores it, but not from one that heeds it.

using System.IO.Hashing;
using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Conformance;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

public sealed class DiskFaultTests
{
    private const int Always = 1_000_000;
    private const int Seeds = 40;
    private static readonly DiskFaultOptions Strict = DiskFaultOptions.None with { PowerLoss = PowerLossPolicy.LosesAll };
    private static readonly CancellationToken NoToken = CancellationToken.None;

    [Fact]
    public void A_writer_that_retries_a_failed_flush_loses_acknowledged_bytes_and_one_that_gives_up_does_not()
    {
        Assert.InRange(DiskLab.CountSeeds(Seeds, seed => AcknowledgedIsLost(seed, retries: true)), 1, Seeds);
        Assert.Equal(0, DiskLab.CountSeeds(Seeds, seed => AcknowledgedIsLost(seed, retries: false)));
    }

    [Fact]
    public void A_failed_flush_stays_visible_until_power_loss() => DiskLab.Run(1, Strict, async machine =>
    {
        machine.Disk.FailNext(DiskFaultKind.FailedFlush);
        await machine.CrashAfterAsync(async disk =>
        {
            IFile file = await disk.OpenAsync("a");
            await disk.FlushDirectoryAsync("", NoToken);
            await file.WriteAsync(0, 1, 2, 3);
            await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => file.FlushAsync(NoToken));
            await file.FlushAsync(NoToken);
            Assert.Equal([1, 2, 3], await file.ReadAllAsync());
        });
        Assert.Equal([1, 2, 3], machine.Disk.Peek("a"));
    });

    [Fact]
    public void A_failed_flush_of_a_folder_loses_names_although_the_next_one_succeeds()
    {
        int lost = DiskLab.CountSeeds(Seeds, seed =>
        {
            bool missing = false;
            RunResult result = DiskLab.Run(seed, DiskFaultOptions.None, async machine =>
            {
                machine.Disk.FailNext(DiskFaultKind.FailedDirectoryFlush);
                await machine.LosePowerAfterAsync(async disk =>
                {
                    await disk.PutAsync("a", 1);
                    await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => disk.FlushDirectoryAsync("", NoToken));
                    await disk.FlushDirectoryAsync("", NoToken);
                    Assert.True(await disk.ExistsAsync("a", NoToken));
                });
                missing = machine.Disk.Peek("a") is null;
            });
            Assert.Equal(1, result.Faults["disk.failed-directory-flush"]);
            return missing;
        });
        Assert.InRange(lost, 1, Seeds - 1);
    }

    [Fact]
    public void A_read_error_ends_a_reader_that_takes_it_for_the_end_too_early() =>
        Counted("disk.read-error", DiskFaultOptions.None, async machine =>
        {
            await machine.RunAsync(disk => disk.PutAsync("a", 1, 2, 3));
            machine.Disk.FailNext(DiskFaultKind.ReadError);
            await machine.RunAsync(async disk =>
            {
                await using IFile file = await disk.OpenAsync("a", FileOpenMode.Existing);
                await DiskExpectations.FailsWithAsync(DiskError.InputOutput, async () => await file.ReadAllAsync());
                Assert.Equal([1, 2, 3], await file.ReadAllAsync());
            });
        });

    [Fact]
    public void A_write_error_leaves_a_part_from_the_start()
    {
        var lengths = new SortedSet<int>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            Counted("disk.write-error", DiskFaultOptions.None, async machine =>
            {
                byte[] bytes = DiskExpectations.Pattern(100);
                machine.Disk.FailNext(DiskFaultKind.WriteError);
                await machine.RunAsync(async disk =>
                {
                    await using IFile file = await disk.OpenAsync("a");
                    await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => file.WriteAsync(0, bytes, NoToken));
                    byte[] written = await file.ReadAllAsync();
                    Assert.Equal(bytes[..written.Length], written);
                    lengths.Add(written.Length);
                });
            }, seed);
        }

        Assert.InRange(lengths.Count, 5, Seeds);
    }

    [Fact]
    public void A_full_disk_refuses_what_needs_space_and_recovers_with_time() =>
        Counted("disk.full", DiskFaultOptions.None with { FullTime = TimeSpan.FromSeconds(1) }, async machine =>
        {
            machine.Disk.FailNext(DiskFaultKind.Full);
            await machine.RunAsync(async disk =>
            {
                await using IFile file = await disk.OpenAsync("a");
                await DiskExpectations.FailsWithAsync(DiskError.Full, () => file.WriteAsync(0, new byte[10], NoToken));
                await DiskExpectations.FailsWithAsync(DiskError.Full, async () => await disk.OpenAsync("b", FileOpenMode.CreateNew));
                Assert.Equal(0, file.Length);
            });
            Assert.True(machine.Disk.IsFull);
            machine.Disk.FillFor(TimeSpan.Zero);
            await machine.RunAsync(disk => disk.PutAsync("a", 1));
            Assert.Equal([1], machine.Disk.Peek("a"));
        });

    [Fact]
    public void Capacity_is_a_limit_and_deleting_frees_it() =>
        DiskLab.Run(1, DiskFaultOptions.None with { CapacityBytes = 10 * 4_096 }, machine => machine.RunAsync(async disk =>
        {
            await disk.PutAsync("a", new byte[6 * 4_096]);
            await using (IFile file = await disk.OpenAsync("b"))
            {
                await DiskExpectations.FailsWithAsync(DiskError.Full, () => file.WriteAsync(0, new byte[5 * 4_096], NoToken));
                Assert.Equal(4 * 4_096, file.Length);
                await disk.DeleteAsync("a", NoToken);
                await file.WriteAsync(0, new byte[10 * 4_096]);
                await DiskExpectations.FailsWithAsync(DiskError.Full, () => file.WriteAsync(10 * 4_096, new byte[1], NoToken));
            }

            await disk.DeleteAsync("b", NoToken);
            Assert.Equal(0, machine.Disk.BytesUsed);
        }));

    [Fact]
    public void Space_of_a_deleted_file_returns_when_its_last_handle_closes() =>
        DiskLab.Run(1, DiskFaultOptions.None, machine => machine.RunAsync(async disk =>
        {
            IFile file = await disk.OpenAsync("a");
            await file.WriteAsync(0, new byte[4_097]);
            await disk.DeleteAsync("a", NoToken);
            Assert.Equal(2 * 4_096, machine.Disk.BytesUsed);
            await file.DisposeAsync();
            Assert.Equal(0, machine.Disk.BytesUsed);
        }));

    [Fact]
    public void Bit_rot_changes_what_is_read_and_a_checksum_notices() => ChecksumNotices("disk.bit-rot", async machine =>
    {
        await machine.RunAsync(disk => disk.PutDurablyAsync("a", DiskExpectations.Pattern(2_000)));
        machine.Disk.FailNext(DiskFaultKind.BitRot);
    });

    [Fact]
    public void Bit_rot_spares_what_is_not_on_the_device_yet() => DiskLab.Run(1, DiskFaultOptions.None, async machine =>
    {
        machine.Disk.FailNext(DiskFaultKind.BitRot);
        await machine.RunAsync(disk => disk.PutAsync("a", 1, 2, 3));
        Assert.False(machine.Disk.FlipBit("a", 0, 0));
        await machine.RunAsync(async disk => Assert.Equal([1, 2, 3], await disk.GetAsync("a")));
    });

    [Fact]
    public void A_misdirected_write_misses_its_place_and_a_checksum_notices() => ChecksumNotices("disk.misdirected-write", async machine =>
    {
        await machine.RunAsync(disk => disk.PutDurablyAsync("other", new byte[100_000]));
        machine.Disk.FailNext(DiskFaultKind.MisdirectedWrite);
        await machine.RunAsync(disk => disk.PutDurablyAsync("a", DiskExpectations.Pattern(2_000)));
        Assert.Equal(2_000, machine.Disk.Peek("a")!.Length);
        Assert.Contains(machine.Disk.Peek("other")!, value => value != 0);
    });

    [Fact]
    public void A_metadata_error_fails_the_call_and_changes_nothing() => Counted("disk.metadata-error", DiskFaultOptions.None, async machine =>
    {
        await machine.RunAsync(disk => disk.PutAsync("a", 1));
        machine.Disk.FailNext(DiskFaultKind.MetadataError, 3);
        await machine.RunAsync(async disk =>
        {
            await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => disk.RenameAsync("a", "b", NoToken));
            await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => disk.DeleteAsync("a", NoToken));
            await DiskExpectations.FailsWithAsync(DiskError.InputOutput, async () => await disk.OpenAsync("c", FileOpenMode.CreateNew));
        });
        Assert.Equal(["a"], machine.Disk.Files());
    }, strikes: 3);

    [Fact]
    public void A_stall_holds_up_every_operation_until_it_is_over() => Counted("disk.stall", DiskFaultOptions.None, async machine =>
    {
        machine.Disk.StallFor(TimeSpan.FromSeconds(7));
        await machine.RunAsync(disk => disk.PutAsync("a", 1));
        Assert.InRange(machine.World.Now, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.01));
    });

    [Fact]
    public void A_program_that_must_stop_while_the_disk_stalls_is_late()
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
        {
            Machine machine = world.AddMachine("m", new MachineOptions());
            machine.Boot(async (platform, stop) =>
            {
                await Worlds.UntilStoppedAsync(stop);
                await platform.Disk.PutAsync("a", 1);
            });
            machine.Disk.StallFor(TimeSpan.FromMinutes(5));
            await machine.StopAsync(Worlds.StopLimit);
        });
        Assert.Equal(ViolationClass.Leak, result.Violation!.Class);
    }

    [Fact]
    public void Slow_operations_reach_into_the_tail_and_ordinary_ones_do_not()
    {
        var latency = new DiskLatency(
            TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(500), SlowPartsPerMillion: 200_000);
        RunResult result = DiskLab.Run(1, DiskFaultOptions.None with { Read = latency }, machine => machine.RunAsync(async disk =>
        {
            await using IFile file = await disk.OpenAsync("a");
            int slow = 0;
            for (int read = 0; read < 200; read++)
            {
                TimeSpan start = machine.World.Now;
                await file.ReadAsync(0, 1);
                TimeSpan time = machine.World.Now - start;
                Assert.InRange(time, latency.Min, latency.Tail);
                slow += time > TimeSpan.FromMilliseconds(3) ? 1 : 0;
            }

            Assert.InRange(slow, 20, 60);
        }));
        Assert.InRange(result.Faults["disk.slow"], 20, 60);
    }

    [Fact]
    public void A_file_left_open_is_a_leak_that_is_named()
    {
        RunResult result = Worlds.Run(1, async (world, _) =>
            await world.AddMachine("m", new MachineOptions()).Boot(async (platform, _) => await platform.Disk.OpenAsync("left-open")).Exited);
        Assert.Equal("leak.outlived-stop", result.Violation!.Name);
        Assert.Contains("FileHandle left-open", result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_strikes_by_chance_and_a_run_comes_back_from_its_seed()
    {
        DiskFaultOptions brutal = DiskFaultOptions.None with
        {
            ReadErrorPartsPerMillion = 50_000,
            WriteErrorPartsPerMillion = 50_000,
            FailedFlushPartsPerMillion = 50_000,
            FailedDirectoryFlushPartsPerMillion = 50_000,
            MetadataErrorPartsPerMillion = 50_000,
            FullPartsPerMillion = 50_000,
            FullTime = TimeSpan.FromMilliseconds(1),
            BitRotPartsPerMillion = 50_000,
            MisdirectedWritePartsPerMillion = 50_000,
            StallPartsPerMillion = 50_000,
            Write = new DiskLatency(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9), 50_000),
        };
        RunResult first = Torture(1, brutal);
        RunResult again = Torture(1, brutal);
        RunResult other = Torture(2, brutal);
        foreach (string fault in (string[])["read-error", "write-error", "failed-flush", "failed-directory-flush", "metadata-error", "full", "bit-rot",
            "misdirected-write", "stall", "slow", "lost-writes", "torn-write", "lost-names"])
        {
            Assert.True(first.Faults.ContainsKey($"disk.{fault}"), $"{fault} never struck");
        }

        Assert.Equal(first.Hash, again.Hash);
        Assert.Equal(first.Faults, again.Faults);
        Assert.NotEqual(first.Hash, other.Hash);
    }

    [Fact]
    public void Healing_ends_every_fault() => DiskLab.Run(
        1, DiskFaultOptions.None with { ReadErrorPartsPerMillion = Always, StallPartsPerMillion = Always }, async machine =>
        {
            machine.Disk.FailNext(DiskFaultKind.WriteError, 5);
            machine.Disk.StallFor(TimeSpan.FromHours(1));
            machine.Disk.FillFor(TimeSpan.FromHours(1));
            machine.Disk.Heal();
            await machine.RunAsync(async disk =>
            {
                await disk.PutAsync("a", 1);
                Assert.Equal([1], await disk.GetAsync("a"));
            });
            Assert.InRange(machine.World.Now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        });

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        DiskFaultOptions none = DiskFaultOptions.None;
        none.Validate();
        Assert.Throws<ArgumentOutOfRangeException>(() => (none with { BitRotPartsPerMillion = -1 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (none with { StallPartsPerMillion = Always + 1 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (none with { CapacityBytes = 1 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (none with { FullTime = TimeSpan.Zero }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => (none with { PowerLoss = (PowerLossPolicy)9 }).Validate());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => (none with { Read = new DiskLatency(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)) }).Validate());
    }

    private static bool AcknowledgedIsLost(ulong seed, bool retries)
    {
        bool acknowledged = false;
        bool lost = false;
        byte[] bytes = DiskExpectations.Pattern(2_000);
        Counted("disk.failed-flush", DiskFaultOptions.None, async machine =>
        {
            machine.Disk.FailNext(DiskFaultKind.FailedFlush);
            await machine.LosePowerAfterAsync(async disk =>
            {
                await using IFile file = await disk.OpenAsync("a");
                await disk.FlushDirectoryAsync("", NoToken);
                await file.WriteAsync(0, bytes);
                await DiskExpectations.FailsWithAsync(DiskError.InputOutput, () => file.FlushAsync(NoToken));
                if (retries)
                {
                    await file.FlushAsync(NoToken);
                    acknowledged = true;
                }
            });
            lost = !bytes.AsSpan().SequenceEqual(machine.Disk.Peek("a"));
        }, seed);
        return acknowledged && lost;
    }

    private static void ChecksumNotices(string fault, Func<Machine, Task> damage) => Counted(fault, DiskFaultOptions.None, async machine =>
    {
        ulong sum = XxHash3.HashToUInt64(DiskExpectations.Pattern(2_000));
        await damage(machine);
        await machine.RunAsync(async disk =>
        {
            byte[] read = await disk.GetAsync("a");
            Assert.NotEqual(DiskExpectations.Pattern(2_000), read);
            Assert.NotEqual(sum, XxHash3.HashToUInt64(read));
        });
    });

    private static void Counted(string fault, DiskFaultOptions options, Func<Machine, Task> scenario, ulong seed = 1, long strikes = 1)
    {
        RunResult result = DiskLab.Run(seed, options, scenario);
        Assert.Equal(strikes, result.Faults[fault]);
    }

    private static RunResult Torture(ulong seed, DiskFaultOptions options) => DiskLab.Run(seed, options, async machine =>
    {
        for (int boot = 0; boot < 5; boot++)
        {
            await machine.LosePowerAfterAsync(async disk =>
            {
                for (int round = 0; round < 100; round++)
                {
                    try
                    {
                        await using IFile file = await disk.OpenAsync($"f{round % 7}");
                        await file.WriteAsync(round * 500, DiskExpectations.Pattern(1_500, round));
                        await file.ReadAllAsync();
                        await file.FlushAsync(NoToken);
                        await disk.FlushDirectoryAsync("", NoToken);
                        await file.WriteAsync(round * 100, DiskExpectations.Pattern(1_500, round));
                    }
                    catch (DiskException)
                    {
                        // The known-bad program: it goes on as if nothing had happened.
                    }
                }

                foreach (string name in (string[])["late", "later", "last"])
                {
                    try
                    {
                        await disk.PutAsync($"{name}{boot}", 1);
                    }
                    catch (DiskException)
                    {
                        // The same.
                    }
                }
            });
        }
    });
}
