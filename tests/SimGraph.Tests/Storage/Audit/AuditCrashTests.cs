// The machine dies at every disk call of a life of the log, with every kind of remains; then the log is opened.

using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditCrashTests
{
    private const int Events = 14;
    private static readonly AuditOptions Options = AuditSample.SmallFiles with { FileBytesMax = 1300, RetentionBytesMax = 2500 };

    private static Func<bool> Coin(int seed)
    {
        var random = new Random(seed);
        return () => random.Next(2) == 0;
    }

    /// <summary>Two lives of the log with batches of one and of more. Returns how many events were acknowledged.</summary>
    private static async Task<(int Acknowledged, bool Completed)> LiveAsync(MemoryDisk disk)
    {
        int acknowledged = 0;
        try
        {
            for (int life = 0; life < 2; life++)
            {
                await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options);
                int last = life == 0 ? 9 : Events;
                while (acknowledged < last)
                {
                    Task<AuditPosition>[] batch =
                        [.. Enumerable.Range(acknowledged + 1, Math.Min(1 + (acknowledged % 3), last - acknowledged)).Select(log.AppendAsync)];
                    foreach (Task<AuditPosition> append in batch)
                    {
                        AuditPosition position;
                        try
                        {
                            position = await append;
                        }
                        catch (AuditException)
                        {
                            await GoOnAsync(log);
                            throw;
                        }

                        Assert.Equal((ulong)++acknowledged, position.Sequence);
                    }
                }

                await log.MaintainAsync();
            }

            return (acknowledged, true);
        }
        catch (AuditException)
        {
            return (acknowledged, false);
        }
    }

    // Whoever does not hear that the log has failed must not be able to damage it.
    private static async Task GoOnAsync(OpenedAudit log)
    {
        for (int i = 0; i < 2; i++)
        {
            try
            {
                await log.AppendAsync(Events + 1);
            }
            catch (AuditException)
            {
            }
        }
    }

    private static async Task AssertRecoversAsync(MemoryDisk disk, int acknowledged, string because)
    {
        int found;
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options))
        {
            found = await AssertHoldsAsync(log, acknowledged, because);
            await log.AppendAsync(found + 1);
            await log.MaintainAsync();
        }

        MemoryDisk left = disk.LosePower(() => false);
        AuditVerification offline = await AuditLog.VerifyFolderAsync(left, "audit", CancellationToken.None);
        Assert.True(offline.IsSound, $"{because}: {offline.FirstBad}");
        await using OpenedAudit again = await OpenedAudit.OpenAsync(left, Options);
        Assert.Equal(found + 1, await AssertHoldsAsync(again, found + 1, because));
        await again.Log.StopAsync();
        Assert.DoesNotContain(left.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static async Task<int> AssertHoldsAsync(OpenedAudit log, int acknowledged, string because)
    {
        AuditVerification check = await log.Log.VerifyAsync(CancellationToken.None);
        Assert.True(check.IsSound, $"{because}: {check.FirstBad}");
        int[] numbers = await log.ReadNumbersAsync();
        int last = (int)check.LastSequence;

        // Retention may have gone on between the two.
        Assert.Equal(Enumerable.Range(last + 1 - numbers.Length, numbers.Length), numbers);
        Assert.True(last + 1 - numbers.Length >= (int)check.FirstSequence, because);
        Assert.True(last >= acknowledged && last <= Events + 2, $"{because}: {acknowledged} were acknowledged, the last one is {last}");
        return last;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_power_loss_at_any_disk_call_all_that_was_acknowledged_is_there_in_order(bool afterEffect)
    {
        for (long call = 1; ; call++)
        {
            var disk = new MemoryDisk { DieAt = call, DieAfterEffect = afterEffect };
            (int acknowledged, bool completed) = await LiveAsync(disk);
            await AssertRecoversAsync(disk.LosePower(() => false), acknowledged, $"call {call}, nothing kept");
            await AssertRecoversAsync(disk.LosePower(() => true), acknowledged, $"call {call}, all kept");
            for (int seed = 0; seed < 4; seed++)
            {
                await AssertRecoversAsync(disk.LosePower(Coin(seed)), acknowledged, $"call {call}, remains {seed}");
            }

            await AssertRecoversAsync(disk.LosePowerKeepingPrefix((int)call * 7 % 400), acknowledged, $"call {call}, a prefix");
            if (completed && disk.Calls < call)
            {
                Assert.InRange(call, 60, 2000);
                return;
            }
        }
    }

    [Fact]
    public async Task What_a_rotation_left_without_lines_is_not_in_the_way_of_later_ones()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            await log.AppendAsync(1, 2);
        }

        // What is left of a rotation when the power fails before the first line of the new file.
        disk.Put($"audit/{AuditFileName.Of(3, compressed: false)}", []);
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            await log.AppendAsync(3, 4);
            await using OpenedAudit again = await OpenedAudit.OpenAsync(disk.LosePower(() => false));
            Assert.Equal(Enumerable.Range(1, 4), await again.ReadNumbersAsync());
        }
    }

    [Fact]
    public async Task A_disk_call_that_fails_loses_nothing_that_was_acknowledged()
    {
        for (long call = 1; ; call++)
        {
            var disk = new MemoryDisk { FailAt = call };
            (int acknowledged, bool completed) = await LiveAsync(disk);

            // First a new process on the same machine, which sees what was never made durable; then the power fails.
            await AssertRecoversAsync(disk.RestartProcess(), acknowledged, $"failure of call {call}");
            if (completed && disk.Calls < call)
            {
                Assert.InRange(call, 60, 2000);
                return;
            }
        }
    }

    [Fact]
    public async Task A_crash_while_recovering_from_a_crash_changes_nothing()
    {
        for (long call = 1; call < 90; call += 4)
        {
            var disk = new MemoryDisk { DieAt = call, DieAfterEffect = true };
            (int acknowledged, _) = await LiveAsync(disk);
            for (long second = 1; ; second++)
            {
                MemoryDisk recovering = disk.LosePower(Coin((int)call));
                recovering.DieAt = second;
                recovering.DieAfterEffect = second % 2 == 0;
                bool opened = true;
                try
                {
                    await using OpenedAudit log = await OpenedAudit.OpenAsync(recovering, Options);
                }
                catch (AuditException)
                {
                    opened = false;
                }

                await AssertRecoversAsync(
                    recovering.LosePower(Coin((int)second)), acknowledged, $"call {call}, then call {second} of the recovery");
                if (opened)
                {
                    break;
                }
            }
        }
    }
}
