using System.Text;
using FsCheck.Xunit;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditDamageTests
{
    private static readonly AuditOptions Options = AuditSample.SmallFiles with { RetentionAge = null };

    /// <summary>Three files with three lines each, one flush for each line; the first one or two compressed, or none.</summary>
    private static async Task<MemoryDisk> FilledAsync(bool compress)
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options with { FileBytesMax = 1 << 20, Compress = compress });
        for (int file = 0; file < 3; file++)
        {
            await log.Log.RotateAsync(CancellationToken.None);
            await log.AppendAsync((file * 3) + 1, (file * 3) + 3);
        }

        if (compress)
        {
            await log.Platform.WhenReachedAsync("audit.plain-removed", 2);
        }

        return disk;
    }

    private static async Task<AuditDefect?> CheckAsync(MemoryDisk disk) =>
        (await AuditLog.VerifyFolderAsync(disk, "audit", CancellationToken.None)).FirstBad;

    [Fact]
    public async Task Every_flipped_byte_of_a_plain_file_is_noticed_and_its_line_is_named()
    {
        MemoryDisk disk = await FilledAsync(compress: false);
        Assert.Null(await CheckAsync(disk));
        foreach (ulong first in (ulong[])[1, 4, 7])
        {
            string path = AuditSample.PathOf(first);
            byte[] good = disk.Get(path);
            int line = 1;
            for (int offset = 0; offset < good.Length; offset++)
            {
                byte[] flipped = [.. good];
                flipped[offset] ^= (byte)(1 << (offset % 8));
                disk.Put(path, flipped);
                AuditDefect? defect = await CheckAsync(disk);
                Assert.NotNull(defect);
                Assert.Equal((path, (long)line, first + (ulong)line - 1), (defect.File, defect.Line, defect.Sequence));
                line += good[offset] == '\n' ? 1 : 0;
            }

            disk.Put(path, good);
        }
    }

    [Theory]
    [InlineData("\"ip\":\"10.0.0.1\"", "\"ip\":\"10.0.0.1\"", true)]
    [InlineData("\"note\":", "\"ip\":", false)]
    [InlineData("\"ip\":", "\"zip\":", false)]
    [InlineData("\"ip\":\"10.0.0.1\"", "\"ip\":10", false)]
    [InlineData("\"severity\":", "\"grade\":", false)]
    [InlineData("\"details\":", "\"outcome\":", false)]
    public async Task A_line_that_no_log_writes_is_refused_although_its_hash_holds(string written, string forged, bool isGood)
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options))
        {
            await log.AppendAsync(1);
        }

        string path = AuditSample.PathOf(1);
        string line = Encoding.UTF8.GetString(disk.Get(path)).TrimEnd('\n');
        Assert.Contains(written, line, StringComparison.Ordinal);
        byte[] covered = Encoding.UTF8.GetBytes(line[..^AuditFormat.SuffixBytes].Replace(written, forged, StringComparison.Ordinal));
        byte[] suffix = new byte[AuditFormat.SuffixBytes];
        AuditFormat.WriteSuffix(covered, suffix);
        disk.Put(path, [.. covered, .. suffix, (byte)'\n']);
        Assert.Equal(isGood, await CheckAsync(disk) is null);
    }

    [Fact]
    public async Task Every_flipped_byte_of_a_compressed_file_is_noticed_and_a_line_is_named()
    {
        MemoryDisk disk = await FilledAsync(compress: true);
        Assert.Null(await CheckAsync(disk));
        string path = AuditSample.PathOf(4, compressed: true);
        byte[] good = disk.Get(path);
        for (int offset = 0; offset < good.Length; offset++)
        {
            byte[] flipped = [.. good];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            disk.Put(path, flipped);
            AuditDefect? defect = await CheckAsync(disk);
            Assert.NotNull(defect);
            Assert.Equal((path, 1L, 4UL), (defect.File, defect.Line, defect.Sequence));
        }
    }

    [Fact]
    public async Task Every_flipped_or_missing_byte_of_the_anchor_is_noticed()
    {
        var disk = new MemoryDisk();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options with { RetentionBytesMax = 1 }))
        {
            await log.AppendAsync(1, 6);
            await log.Platform.WhenReachedAsync("audit.retired", 1);
        }

        Assert.Null(await CheckAsync(disk));
        byte[] good = disk.Get("audit/audit-anchor.json");
        for (int offset = 0; offset < good.Length; offset++)
        {
            byte[] flipped = [.. good];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            foreach (byte[] bytes in (byte[][])[flipped, good[..offset]])
            {
                disk.Put("audit/audit-anchor.json", bytes);
                AuditDefect? defect = await CheckAsync(disk);
                Assert.Equal("audit/audit-anchor.json", defect?.File);
                AuditCorruptException refusal = await Assert.ThrowsAsync<AuditCorruptException>(() => OpenedAudit.OpenAsync(disk, Options));
                Assert.Contains(defect!.Reason, refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Missing_swapped_and_shortened_files_are_noticed(bool compress)
    {
        MemoryDisk disk = await FilledAsync(compress);
        string first = AuditSample.PathOf(1, compress);
        string second = AuditSample.PathOf(4, compress);

        MemoryDisk gap = disk.Copy();
        gap.Remove(second);
        AuditDefect? defect = await CheckAsync(gap);
        Assert.Equal((AuditSample.PathOf(7), 4UL), (defect?.File, defect?.Sequence));
        Assert.Contains("events 4 to 6 are missing", defect!.Reason, StringComparison.Ordinal);

        MemoryDisk begin = disk.Copy();
        begin.Remove(first);
        Assert.Contains("events 1 to 3 are missing", (await CheckAsync(begin))!.Reason, StringComparison.Ordinal);

        MemoryDisk swapped = disk.Copy();
        swapped.Put(first, disk.Get(second));
        swapped.Put(second, disk.Get(first));
        Assert.Equal((first, 1L), ((await CheckAsync(swapped))!.File, (await CheckAsync(swapped))!.Line));

        MemoryDisk cut = disk.Copy();
        byte[] bytes = disk.Get(AuditSample.PathOf(4, compress));
        cut.Put(second, bytes[..(bytes.Length / 2)]);
        Assert.Equal(second, (await CheckAsync(cut))!.File);

        MemoryDisk twice = disk.Copy();
        twice.Put(second, [.. bytes, .. bytes]);
        Assert.Equal((second, 4L), ((await CheckAsync(twice))!.File, (await CheckAsync(twice))!.Line));
    }

    [Fact]
    public async Task A_chain_that_was_forged_from_some_line_on_has_another_end()
    {
        var first = new MemoryDisk();
        AuditPosition honest;
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(first))
        {
            await log.AppendAsync(1, 5);
            honest = await log.AppendAsync(6);
        }

        var second = new MemoryDisk();
        await using OpenedAudit forged = await OpenedAudit.OpenAsync(second);
        await forged.AppendAsync(1, 4);
        await forged.AppendAsync(AuditSample.Event(5) with { Actor = "somebody else" });
        Assert.NotEqual(honest, await forged.AppendAsync(6));
    }

    [Fact]
    public async Task A_torn_last_batch_of_any_length_is_cut_and_the_chain_goes_on_where_it_was()
    {
        var disk = new MemoryDisk();
        int durable;
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, new AuditOptions { Compress = false }))
        {
            await log.AppendAsync(1, 2);
            durable = disk.Get(AuditSample.PathOf(1)).Length;
            TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
            Task third = log.AppendAsync(3);
            await disk.FlushEntered.Task;
            disk.FlushGate = null;
            Task[] batch = [.. Enumerable.Range(4, 3).Select(log.AppendAsync)];
            gate.SetResult();
            await Task.WhenAll([third, .. batch]);
        }

        byte[] whole = disk.Get(AuditSample.PathOf(1));
        for (int length = durable; length <= whole.Length; length++)
        {
            foreach (byte[] left in (byte[][])[whole[..length], [.. whole[..length], .. new byte[whole.Length - length]]])
            {
                MemoryDisk torn = disk.Copy();
                torn.Put(AuditSample.PathOf(1), left);
                await using OpenedAudit log = await OpenedAudit.OpenAsync(torn);
                int[] kept = await log.ReadNumbersAsync();
                Assert.Equal(Enumerable.Range(1, kept.Length), kept);
                Assert.Equal(whole.AsSpan(0, length).Count((byte)'\n'), kept.Length);
                await log.AppendAsync(kept.Length + 1);
                await log.AssertSoundAsync((ulong)kept.Length + 1);
            }
        }
    }

    [Fact]
    public async Task Damage_in_front_of_a_later_batch_is_refused_and_changes_nothing()
    {
        MemoryDisk filled = await FilledAsync(compress: false);
        string path = AuditSample.PathOf(7);
        byte[] good = filled.Get(path);
        int third = good.AsSpan(0, good.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (int offset = 0; offset < third; offset++)
        {
            byte[] flipped = [.. good];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            MemoryDisk disk = filled.Copy();
            disk.Put(path, flipped);
            AuditCorruptException refusal = await Assert.ThrowsAsync<AuditCorruptException>(() => OpenedAudit.OpenAsync(disk, Options));
            Assert.Equal(path, refusal.Defect.File);
            Assert.Equal(good.AsSpan(0, offset).Count((byte)'\n') + 1, refusal.Defect.Line);
            Assert.Equal(flipped, disk.Get(path));
        }
    }

    [Fact]
    public async Task A_damaged_line_ends_queries_and_exports_with_an_error()
    {
        MemoryDisk disk = await FilledAsync(compress: false);
        byte[] bytes = disk.Get(AuditSample.PathOf(4));
        bytes[bytes.Length / 2] ^= 1;
        disk.Put(AuditSample.PathOf(4), bytes);
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options with { Compress = false });
        await Assert.ThrowsAsync<AuditCorruptException>(() => log.ReadAsync());
        await Assert.ThrowsAsync<AuditCorruptException>(() => log.Log.ExportAsync(
            AuditFilter.All, AuditExportFormat.Json, (_, _) => ValueTask.CompletedTask, CancellationToken.None));
        Assert.Equal([7, 8, 9], (await log.ReadAsync(new AuditFilter { After = 6 })).Select(AuditSample.NumberOf));
        Assert.Equal(5UL, (await log.Log.VerifyAsync(CancellationToken.None)).FirstBad?.Sequence);
    }

    [Fact]
    public async Task Foreign_files_are_left_alone_and_empty_files_say_nothing()
    {
        MemoryDisk disk = await FilledAsync(compress: false);
        disk.Put("audit/readme.txt", [1]);
        disk.Put("audit/audit-5.jsonl", [2]);
        disk.Put(AuditSample.PathOf(5), []);
        disk.Put(AuditSample.PathOf(99), []);
        disk.Put("audit/audit-anchor.json.tmp", [3]);
        Assert.Null(await CheckAsync(disk));
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options with { Compress = false });
        Assert.Equal(10UL, (await log.AppendAsync(10)).Sequence);
        string[] own = [AuditSample.PathOf(1), AuditSample.PathOf(4), AuditSample.PathOf(7), AuditSample.PathOf(10)];
        Assert.Equal(["audit/audit-5.jsonl", "audit/readme.txt"], disk.Paths.Except(own));
    }

    [Property(MaxTest = 300)]
    public async Task Random_bytes_as_files_of_the_log_are_an_error_or_a_torn_tail_and_nothing_worse(byte[] newest, byte[] older, byte[] anchor, bool compressed)
    {
        var disk = new MemoryDisk();
        disk.Put(AuditSample.PathOf(7, compressed), newest);
        disk.Put(AuditSample.PathOf(1, !compressed), older);
        if (anchor.Length % 3 == 0)
        {
            disk.Put("audit/audit-anchor.json", anchor);
        }

        await OpenWhateverAsync(disk);
    }

    [Property(MaxTest = 300)]
    public async Task Mutated_files_of_the_log_are_an_error_or_a_torn_tail_and_nothing_worse(bool compress, (int Where, byte What, int Kind)[] edits)
    {
        MemoryDisk disk = await FilledAsync(compress);
        foreach ((int where, byte what, int kind) in edits.Take(5))
        {
            IReadOnlyList<string> paths = disk.Paths;
            string path = paths[(int)((uint)where % (uint)paths.Count)];
            byte[] bytes = disk.Get(path);
            int at = (int)((uint)where / 7 % (uint)(bytes.Length + 1));
            disk.Put(path, (kind & 3) switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], what, .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + what)..]],
                _ => [.. bytes[..at], .. bytes],
            });
        }

        await OpenWhateverAsync(disk);
    }

    [Fact]
    public async Task Bytes_made_to_take_long_do_not()
    {
        var disk = new MemoryDisk();
        byte[] start = Encoding.ASCII.GetBytes("{\"seq\":");
        byte[] many = [.. Enumerable.Repeat(start, 600_000).SelectMany(bytes => bytes)];
        disk.Put(AuditSample.PathOf(1), many);
        await OpenWhateverAsync(disk);
        disk.Put(AuditSample.PathOf(1), [.. Enumerable.Repeat((byte)'\n', 4_000_000)]);
        await OpenWhateverAsync(disk);
    }

    private static async Task OpenWhateverAsync(MemoryDisk disk)
    {
        await CheckAsync(disk);
        try
        {
            await using OpenedAudit log = await OpenedAudit.OpenAsync(disk, Options with { Compress = false });
            await log.AppendAsync(1);
        }
        catch (AuditCorruptException)
        {
        }

        Assert.Equal(0, disk.OpenFiles);
    }
}
