// The specification of the log is a list: what was acknowledged, in order. Nothing that clocks, rotation, compression, restarts and power loss do changes it.

using System.Collections.Immutable;
using FsCheck.Xunit;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditProperties
{
    private static readonly AuditOptions Options = AuditSample.SmallFiles with { FileBytesMax = 1500, RetentionAge = null };

    // Each byte of the script is one step: its low bits say what, its high bits how much. Arrays of bytes shrink well.
    [Property(MaxTest = 150)]
    public async Task Whatever_clocks_rotations_restarts_and_power_losses_do_the_log_is_the_list_of_acknowledged_events(byte[] script)
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        var model = ImmutableList<AuditPosition>.Empty;
        OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options, clock);
        try
        {
            foreach (byte step in script)
            {
                int much = step >> 3;
                switch (step & 7)
                {
                    case 0:
                        await log.DisposeAsync();
                        disk = much % 3 == 0 ? disk.LosePower(() => false) : disk;
                        log = await OpenedAudit.OpenAsync(disk, Options, clock, much % 4 == 0 ? ["audit.rotate-early"] : much % 4 == 1 ? ["audit.batch-of-one"] : []);
                        Assert.Equal(model.IsEmpty ? new AuditPosition(0, new string('0', 64)) : model[^1], log.Log.Recovered);
                        break;
                    case 1:
                        clock.Jump(TimeSpan.FromHours((much - 15) * (much % 2 == 0 ? 3 : 3000)));
                        break;
                    case 2:
                        clock.Pass(TimeSpan.FromHours(much));
                        break;
                    case 3:
                        await log.Log.RotateAsync(CancellationToken.None);
                        break;
                    case 4:
                        await log.MaintainAsync();
                        break;
                    default:
                        model = model.AddRange(await AppendAsync(log, model.Count, 1 + (much % 5)));
                        break;
                }
            }

            await AssertHoldsAsync(log, model);
            await log.DisposeAsync();
            log = await OpenedAudit.OpenAsync(disk.LosePower(() => false), Options, clock);
            await AssertHoldsAsync(log, model);
        }
        finally
        {
            await log.DisposeAsync();
        }
    }

    // The power fails at some disk call, in the middle of a batch; sectors, lengths and names survive or not, as the seed says.
    [Property(MaxTest = 150)]
    public async Task After_power_loss_anywhere_a_prefix_is_there_that_holds_all_acknowledged_events(byte[] batches, int seed, byte callsUntilDeath)
    {
        var random = new Random(seed);
        var disk = new MemoryDisk();
        var model = ImmutableList<AuditPosition>.Empty;
        int issued = 0;
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options))
        {
            disk.DieAt = disk.Calls + 1 + callsUntilDeath;
            disk.DieAfterEffect = seed % 2 == 0;
            try
            {
                foreach (byte batch in batches)
                {
                    int count = 1 + (batch % 6);
                    issued += count;
                    model = model.AddRange(await AppendAsync(log, model.Count, count));
                }

                await log.MaintainAsync();
            }
            catch (AuditException)
            {
            }
        }

        MemoryDisk left = disk.LosePower(() => random.Next(2) == 0);
        await using OpenedAudit again = await OpenedAudit.OpenAsync(left, Options);
        List<AuditRecord> found = await again.ReadAsync();
        Assert.InRange(found.Count, model.Count, issued);
        Assert.Equal(model, found.Take(model.Count).Select(record => new AuditPosition(record.Sequence, record.Hash)));
        Assert.Equal(Enumerable.Range(1, found.Count), found.Select(AuditSample.NumberOf));
        await again.AppendAsync(found.Count + 1);
        await again.AssertSoundAsync((ulong)found.Count + 1);
    }

    private static async Task<AuditPosition[]> AppendAsync(OpenedAudit log, int count, int more) =>
        await Task.WhenAll(Enumerable.Range(count + 1, more).Select(log.AppendAsync));

    private static async Task AssertHoldsAsync(OpenedAudit log, ImmutableList<AuditPosition> model)
    {
        List<AuditRecord> found = await log.ReadAsync();
        Assert.Equal(model, found.Select(record => new AuditPosition(record.Sequence, record.Hash)));
        Assert.Equal(Enumerable.Range(1, model.Count), found.Select(AuditSample.NumberOf));
        await log.AssertSoundAsync((ulong)model.Count);
    }
}
