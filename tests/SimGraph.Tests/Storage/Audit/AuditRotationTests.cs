using System.IO.Compression;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditRotationTests
{
    private static readonly AuditOptions Plain = new() { Compress = false, RetentionAge = null };

    private static int FileCount(MemoryDisk disk) => disk.Paths.Count(path => path.Contains(".jsonl", StringComparison.Ordinal));

    private static byte[] Unzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        source.CopyTo(target);
        return target.ToArray();
    }

    [Fact]
    public async Task No_file_grows_beyond_its_limit_unless_one_line_does()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, AuditSample.SmallFiles with { Compress = false }))
        {
            await log.AppendAsync(1, 20);
            await log.AppendAsync(AuditSample.Event(21) with { Details = new Dictionary<string, string> { ["long"] = new('x', 600) } });
            await log.AppendAsync(22, 25);
            await log.AssertSoundAsync(25);
        }

        Assert.InRange(FileCount(disk), 8, 25);
        Assert.All(disk.Paths, path => Assert.True(disk.Get(path).Length <= 900 || disk.Get(path).Count(value => value == '\n') == 1));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(-25)]
    [InlineData(24 * 400)]
    [InlineData(-24 * 400)]
    public async Task A_file_changes_with_its_age_whichever_way_the_clock_jumps_and_nothing_is_lost_or_reordered(int hours)
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Plain, clock);
        await log.AppendAsync(1, 3);
        clock.Jump(TimeSpan.FromHours(hours));
        await log.AppendAsync(4, 6);
        clock.Jump(TimeSpan.FromHours(-hours));
        await log.AppendAsync(7, 9);
        Assert.Equal(3, FileCount(disk));
        Assert.Equal(Enumerable.Range(1, 9), await log.ReadNumbersAsync());
        await log.AssertSoundAsync(9);
    }

    [Fact]
    public async Task A_file_changes_after_a_day_of_writing_also_when_the_wall_clock_stands_still()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Plain, clock);
        await log.AppendAsync(1);
        clock.Pass(TimeSpan.FromHours(25));
        clock.Jump(TimeSpan.FromHours(-25));
        await log.AppendAsync(2);
        Assert.Equal(2, FileCount(disk));
    }

    [Fact]
    public async Task Rotating_many_times_on_one_day_and_compressing_meanwhile_loses_nothing_and_uses_no_name_twice()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk))
        {
            for (int i = 0; i < 30; i++)
            {
                await log.Log.RotateAsync(CancellationToken.None);
                await log.AppendAsync((i * 2) + 1, (i * 2) + 2);
            }

            await log.MaintainAsync();
            Assert.Equal(Enumerable.Range(1, 60), await log.ReadNumbersAsync());
            await log.AssertSoundAsync(60);
        }

        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => AuditSample.PathOf(((ulong)i * 2) + 1, compressed: i < 29)), disk.Paths);
    }

    [Fact]
    public async Task A_rotation_without_a_new_event_changes_nothing()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        await log.Log.RotateAsync(CancellationToken.None);
        await log.AppendAsync(1);
        await log.Log.RotateAsync(CancellationToken.None);
        await log.Log.RotateAsync(CancellationToken.None);
        Assert.Equal([AuditSample.PathOf(1)], disk.Paths);
    }

    [Fact]
    public async Task Compressed_files_can_be_read_by_any_gzip_and_are_those_that_were_written()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { FileBytesMax = 1 << 20 });
        var large = new Dictionary<string, string> { ["large"] = new('y', 50_000) };
        for (int i = 1; i <= 15; i++)
        {
            await log.AppendAsync(AuditSample.Event(i) with { Details = large });
        }

        byte[] plain = disk.Get(AuditSample.PathOf(1));
        await log.Log.RotateAsync(CancellationToken.None);
        await log.AppendAsync(16);
        await log.Platform.WhenReachedAsync("audit.plain-removed", 1);
        Assert.Equal([AuditSample.PathOf(1, compressed: true), AuditSample.PathOf(16)], disk.Paths);
        byte[] compressed = disk.Get(AuditSample.PathOf(1, compressed: true));
        Assert.True(plain.Length > 700_000 && compressed.Length < plain.Length / 50);
        Assert.Equal(plain, Unzip(compressed));
        Assert.Equal(Enumerable.Range(1, 16), await log.ReadNumbersAsync());
    }

    [Fact]
    public void A_member_that_cannot_be_compressed_is_within_its_limit()
    {
        byte[] noise = new byte[GzipMember.PlainBytesMax];
        new Random(1).NextBytes(noise);
        byte[] member = GzipMember.Encode(noise);
        Assert.Null(GzipMember.TryDecode(member, out byte[] plain));
        Assert.Equal(noise, plain);
        Assert.Equal(noise, Unzip(member));
    }

    [Fact]
    public async Task A_failed_compression_is_tried_again_and_disturbs_nobody()
    {
        for (int call = 1; call <= 14; call++)
        {
            var disk = new MemoryDisk();
            var clock = new ManualClock();
            await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { FileAgeMax = TimeSpan.FromDays(999) }, clock);
            await log.AppendAsync(1, 5);
            await log.Log.RotateAsync(CancellationToken.None);
            await log.AppendAsync(6);

            // The append is done, so these calls are those of the compression, if it has not gone past them.
            disk.FailAt = disk.Calls + call;
            while (log.Platform.Count("audit.plain-removed") == 0)
            {
                clock.Pass(TimeSpan.FromMinutes(11));
                await Task.Yield();
            }

            disk.FailAt = 0;
            await log.AppendAsync(7);
            Assert.Equal(Enumerable.Range(1, 7), await log.ReadNumbersAsync());
            Assert.Equal([AuditSample.PathOf(1, compressed: true), AuditSample.PathOf(6)], disk.Paths);
        }
    }

    [Fact]
    public async Task Retention_by_age_keeps_the_rest_of_the_chain_checkable_also_after_a_restart()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        var options = new AuditOptions { RetentionAge = TimeSpan.FromDays(30) };
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, options, clock))
        {
            for (int day = 0; day < 40; day++)
            {
                await log.AppendAsync((day * 2) + 1, (day * 2) + 2);
                clock.Pass(TimeSpan.FromDays(1.01));
            }

            await log.AppendAsync(81);
        }

        await using OpenedAudit again = await OpenedAudit.OpenAsync(disk.LosePower(() => false), options, clock);
        await again.Platform.WhenReachedAsync("audit.retired", 1);
        AuditVerification found = await again.Log.VerifyAsync(CancellationToken.None);
        Assert.True(found.IsSound, found.FirstBad?.ToString());
        Assert.Equal(81UL, found.LastSequence);
        Assert.InRange(found.FirstSequence, 15UL, 25UL);
        Assert.Equal(Enumerable.Range((int)found.FirstSequence, 82 - (int)found.FirstSequence), await again.ReadNumbersAsync());
    }

    [Fact]
    public async Task Retention_by_size_keeps_the_newest_files_within_the_limit_and_always_the_newest()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        AuditOptions options = AuditSample.SmallFiles with { RetentionBytesMax = 3000, Compress = false };
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, options, clock);
        await log.AppendAsync(1, 30);
        await log.MaintainAsync();
        Assert.InRange(disk.Paths.Where(path => path.EndsWith('l')).Sum(path => disk.Get(path).Length), 1500, 3000);
        await log.Log.StopAsync();
        await log.AssertSoundAsync(30);
        Assert.Contains("audit/audit-anchor.json", disk.Paths);
        AuditVerification offline = await AuditLog.VerifyFolderAsync(disk, "audit", CancellationToken.None);
        Assert.True(offline.IsSound && offline.FirstSequence > 10, offline.FirstBad?.ToString());
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_ahead_costs_no_history()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, clock: clock);
        await log.AppendAsync(1, 3);
        await log.Log.RotateAsync(CancellationToken.None);
        clock.Jump(TimeSpan.FromDays(4000));
        await log.AppendAsync(4);
        await log.Platform.WhenReachedAsync("audit.compressed", 1);
        clock.Pass(TimeSpan.FromHours(20));
        clock.Jump(TimeSpan.FromDays(-4000));
        await log.AppendAsync(5, 6);
        await log.Platform.WhenReachedAsync("audit.compressed", 2);
        await log.Log.StopAsync();
        Assert.Equal(0, log.Platform.Count("audit.retired"));
        Assert.Equal(Enumerable.Range(1, 6), await log.ReadNumbersAsync());
    }
}
