using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public async Task What_was_acknowledged_is_read_back_in_order_also_after_power_loss()
    {
        var disk = new MemoryDisk();
        var positions = new List<AuditPosition>();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            Assert.Equal(0UL, log.Log.LastSequence);
            for (int i = 1; i <= 20; i++)
            {
                positions.Add(await log.AppendAsync(i));
            }

            Assert.Equal(Enumerable.Range(1, 20), await log.ReadNumbersAsync());
        }

        await using OpenedAudit again = await OpenedAudit.OpenAsync(disk.LosePower(() => false));
        Assert.Equal(positions[^1], again.Log.Recovered);
        List<AuditRecord> records = await again.ReadAsync();
        Assert.Equal(positions, records.Select(record => new AuditPosition(record.Sequence, record.Hash)));
        for (int i = 0; i < records.Count; i++)
        {
            AuditEvent expected = AuditSample.Event(i + 1);
            AuditRecord found = records[i];
            Assert.Equal(
                (expected.Severity, expected.Actor, expected.Action, expected.Resource, expected.Outcome),
                (found.Severity, found.Actor, found.Action, found.Resource, found.Outcome));
            Assert.Equal(expected.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal), found.Details);
            Assert.Equal(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero), found.Time);
        }
    }

    [Fact]
    public async Task The_chain_can_be_checked_by_anyone_who_knows_SHA_256()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            await log.AppendAsync(1, 10);
        }

        string previous = new('0', 64);
        foreach (string line in Encoding.UTF8.GetString(disk.Get(AuditSample.PathOf(1))).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(..^75)));
            JsonElement json = JsonDocument.Parse(line).RootElement;
            Assert.Equal(hash, json.GetProperty("hash").GetString());
            Assert.Equal(previous, json.GetProperty("previous").GetString());
            previous = hash;
        }
    }

    [Fact]
    public async Task Numbers_and_chain_go_on_across_restarts_files_and_days()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        for (int life = 0; life < 6; life++)
        {
            await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, AuditSample.SmallFiles, clock);
            await log.AppendAsync((life * 5) + 1, (life * 5) + 5);
            await log.AssertSoundAsync(((ulong)life * 5) + 5);
            clock.Pass(TimeSpan.FromDays(life));
        }

        AuditVerification found = await AuditLog.VerifyFolderAsync(disk, "audit", CancellationToken.None);
        Assert.True(found.IsSound);
        Assert.Equal((1UL, 30UL), (found.FirstSequence, found.LastSequence));
        Assert.InRange(found.Files, 6, 30);
    }

    [Fact]
    public async Task Events_that_wait_together_are_made_durable_by_one_flush()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        await log.AppendAsync(1);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task first = log.AppendAsync(2);
        await disk.FlushEntered.Task;
        Task<AuditPosition>[] others = [.. Enumerable.Range(3, 50).Select(log.AppendAsync)];
        long flushes = disk.Flushes;
        gate.SetResult();
        await first;
        AuditPosition[] positions = await Task.WhenAll(others);
        Assert.Equal(flushes + 2, disk.Flushes);
        Assert.Equal(Enumerable.Range(3, 50).Select(i => (ulong)i), positions.Select(position => position.Sequence));
        Assert.Equal(3UL, (await log.ReadAsync())[^1].Batch);
    }

    [Fact]
    public async Task What_is_not_durable_is_not_shown()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        await log.AppendAsync(1);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task second = log.AppendAsync(2);
        await disk.FlushEntered.Task;
        Assert.Equal(Enumerable.Range(1, 1), await log.ReadNumbersAsync());
        gate.SetResult();
        await second;
        Assert.Equal(Enumerable.Range(1, 2), await log.ReadNumbersAsync());
    }

    [Fact]
    public async Task An_event_that_is_incomplete_too_large_or_no_Unicode_is_refused_and_the_log_goes_on()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { EventBytesMax = 512, BatchBytesMax = 512 });
        AuditEvent good = AuditSample.Event(1);
        AuditEvent[] bad =
        [
            good with { Actor = "" },
            good with { Action = "" },
            good with { Resource = null! },
            good with { Severity = (AuditSeverity)7 },
            good with { Outcome = (AuditOutcome)7 },
            good with { Resource = new string('x', 512) },
            good with { Resource = new string('\u0001', 80) },
            good with { Actor = "\uD800" },
            good with { Details = new Dictionary<string, string> { ["a"] = null! } },
        ];
        foreach (AuditEvent audited in bad)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => log.AppendAsync(audited));
        }

        Assert.Equal(1UL, (await log.AppendAsync(1)).Sequence);
    }

    [Fact]
    public async Task Queries_filter_and_stop_when_told()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, AuditSample.SmallFiles, clock);
        DateTimeOffset begin = clock.GetUtcNow();
        for (int i = 1; i <= 30; i++)
        {
            await log.AppendAsync(i);
            clock.Pass(TimeSpan.FromMinutes(1));
        }

        async Task CheckAsync(AuditFilter filter, Func<int, bool> expected) => Assert.Equal(
            Enumerable.Range(1, 30).Where(expected), (await log.ReadAsync(filter)).Select(AuditSample.NumberOf));
        await CheckAsync(new AuditFilter { SeverityMin = AuditSeverity.Critical }, i => i % 3 == 2);
        await CheckAsync(new AuditFilter { SeverityMin = AuditSeverity.Warning, Actor = "actor-1" }, i => i % 3 >= 1 && i % 4 == 1);
        await CheckAsync(new AuditFilter { Action = "node.create" }, i => i % 2 == 0);
        await CheckAsync(new AuditFilter { Action = "edge.*" }, i => i % 2 == 1);
        await CheckAsync(new AuditFilter { Action = "edge" }, _ => false);
        await CheckAsync(new AuditFilter { From = begin.AddMinutes(10), Until = begin.AddMinutes(20) }, i => i is >= 11 and < 21);
        await CheckAsync(new AuditFilter { After = 17 }, i => i > 17);
        await CheckAsync(new AuditFilter { After = 30 }, _ => false);
        await CheckAsync(new AuditFilter { After = ulong.MaxValue }, _ => false);
        await CheckAsync(new AuditFilter { After = 5, CountMax = 3 }, i => i is > 5 and <= 8);
        int shown = 0;
        Assert.Equal(4UL, await log.Log.ReadAsync(AuditFilter.All, _ => ValueTask.FromResult(++shown < 4), CancellationToken.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => log.ReadAsync(new AuditFilter { CountMax = 0 }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => log.ReadAsync(new AuditFilter { From = begin, Until = begin.AddDays(-1) }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => log.ReadAsync(new AuditFilter { SeverityMin = (AuditSeverity)9 }));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        new AuditOptions().Validate();
        (AuditOptions Options, string Name)[] bad =
        [
            (new AuditOptions { Directory = "" }, "Directory"),
            (new AuditOptions { Directory = "../x" }, "path"),
            (new AuditOptions { FileBytesMax = 0 }, "FileBytesMax"),
            (new AuditOptions { FileAgeMax = TimeSpan.Zero }, "FileAgeMax"),
            (new AuditOptions { RetentionAge = TimeSpan.Zero }, "RetentionAge"),
            (new AuditOptions { RetentionBytesMax = 0 }, "RetentionBytesMax"),
            (new AuditOptions { MaintenanceInterval = TimeSpan.Zero }, "MaintenanceInterval"),
            (new AuditOptions { ClockSettleTime = TimeSpan.FromTicks(-1) }, "ClockSettleTime"),
            (new AuditOptions { EventBytesMax = 511 }, "EventBytesMax"),
            (new AuditOptions { EventBytesMax = 2 << 20, BatchBytesMax = 4 << 20 }, "EventBytesMax"),
            (new AuditOptions { BatchBytesMax = 1024 }, "BatchBytesMax"),
            (new AuditOptions { BatchBytesMax = 32 << 20 }, "BatchBytesMax"),
            (new AuditOptions { QueueLengthMax = 0 }, "QueueLengthMax"),
        ];
        foreach ((AuditOptions options, string name) in bad)
        {
            Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(options.Validate).ParamName, StringComparison.Ordinal);
        }
    }
}
