// Reads golden/backup-*-v1.bin and restored-v1.bin, files that an earlier program wrote: they must stay readable. With UPDATE_GOLDEN=1 in the environment they are written anew; do that only together
// with a new format version, and under its names.

using FsCheck.Xunit;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Restoring;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;
using SimGraph.Tests.Storage;
using SimGraph.Tests.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Replication.Backup;

public sealed class BackupFormatTests
{
    private static readonly RestoreMark Mark = new(IsWhole: true, SampleBackup.Id, new LogPosition(14, 4), "new-ü");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_of_version_1_stays_readable_and_is_still_written_the_same()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 7, behind: 9);
        var disk = new MemoryDisk();
        foreach (string path in sample.Disk.Paths)
        {
            string golden = Path.Combine(RepositoryFiles.Golden, $"backup-v1-{Path.GetFileName(path)}.bin");
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            {
                await File.WriteAllBytesAsync(golden, sample.Disk.Get(path), Cancellation);
            }

            disk.Put(path, await File.ReadAllBytesAsync(golden, Cancellation));
            Assert.Equal(disk.Get(path), sample.Disk.Get(path));
        }

        BackupSummary summary = await BackupVerification.VerifyAsync(disk, SampleBackup.Folder, Cancellation);
        Assert.Equal((SampleBackup.Id, SampleBackup.ClusterId, 7UL, 16UL), (summary.Id, summary.ClusterId, summary.Base.Index, summary.End.Index));
        Assert.True(disk.Paths.Count > 3, "the sample has more than one file of entries");
    }

    [Fact]
    public async Task The_mark_of_a_restore_of_version_1_stays_readable()
    {
        string golden = Path.Combine(RepositoryFiles.Golden, "restored-v1.bin");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllBytesAsync(golden, Mark.Encode(), Cancellation);
        }

        byte[] bytes = await File.ReadAllBytesAsync(golden, Cancellation);
        Assert.Equal(Mark, RestoreMark.Decode(bytes));
        Assert.Equal(bytes, Mark.Encode());
        AssertEveryChangeIsRefused(bytes, static damaged => RestoreMark.Decode(damaged));
    }

    [Fact]
    public async Task Every_damaged_byte_and_every_missing_end_of_a_backup_is_noticed_and_said_where()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 4, behind: 4);
        foreach (string path in sample.Disk.Paths)
        {
            byte[] whole = sample.Disk.Get(path);
            for (int at = 0; at < whole.Length; at++)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= 0x10;
                await AssertRefusedAsync(sample.Disk, path, damaged);
                await AssertRefusedAsync(sample.Disk, path, whole[..at]);
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_longer_than_the_manifest_says_is_read_as_far_as_it_says()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 4, behind: 4);
        foreach (string path in sample.Disk.Paths.Where(static path => path.EndsWith(".bak", StringComparison.Ordinal)).ToList())
        {
            sample.Disk.Put(path, [.. sample.Disk.Get(path), 1, 2, 3]);
        }

        Assert.Equal(8UL, (await BackupVerification.VerifyAsync(sample.Disk, SampleBackup.Folder, Cancellation)).End.Index);
    }

    [Fact]
    public async Task Files_that_are_whole_but_of_another_backup_are_refused()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 4, behind: 4);
        using SampleBackup other = await SampleBackup.CreateAsync(before: 4, behind: 4, chunkBytes: 5_000);
        string path = sample.Files.BasePath(4);
        sample.Disk.Put(path, [.. other.Disk.Get(path), .. new byte[1000]]);
        BackupCorruptException refused = await Assert.ThrowsAsync<BackupCorruptException>(
            () => BackupVerification.VerifyAsync(sample.Disk, SampleBackup.Folder, Cancellation));
        Assert.Equal(path, refused.Path);
    }

    [Property(MaxTest = 300)]
    public void Garbage_is_refused_as_such_and_never_anything_else(byte[] noise, int at, byte with)
    {
        AssertHarmless(noise);
        byte[] manifest = new BackupManifest(
            1, "c", new LogPosition(1, 1), 2, new BackupFileRecord(3, 4), 5, [new EntryFileRecord(new LogPosition(1, 1), new LogPosition(9, 2), new BackupFileRecord(6, 7))]).Encode();
        manifest[(int)((uint)at % (uint)manifest.Length)] = with;
        AssertHarmless(Sealed(manifest));
        AssertHarmless(Sealed([.. "SIMGRBKM"u8, 1, 0, 0, 0, .. noise, 0, 0, 0, 0]));
        AssertHarmless(Sealed([.. "SIMGRRST"u8, 1, 0, 0, 0, .. noise, 0, 0, 0, 0]));
    }

    private static byte[] Sealed(byte[] bytes)
    {
        BitConverter.TryWriteBytes(bytes.AsSpan(^sizeof(uint)), FrameFormat.Checksum(bytes.AsSpan(..^sizeof(uint))));
        return bytes;
    }

    private static void AssertHarmless(byte[] bytes)
    {
        foreach (Action decode in (Action[])
        [
            () => BackupManifest.Decode(bytes), () => RestoreMark.Decode(bytes), () => BackupRequest.Decode(bytes), () => FrozenAnswer.Decode(bytes),
            () => ChunkAnswer.Decode(bytes), () => EntriesAnswer.Decode(bytes, new LogPosition(3, 1)), () => new PairOrder().Check(bytes),
        ])
        {
            try
            {
                decode();
            }
            catch (FormatException)
            {
            }
        }
    }

    private static void AssertEveryChangeIsRefused(byte[] whole, Action<byte[]> decode)
    {
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            Assert.ThrowsAny<FormatException>(() => decode(damaged));
            Assert.ThrowsAny<FormatException>(() => decode(whole[..at]));
        }
    }

    private static async Task AssertRefusedAsync(MemoryDisk disk, string path, byte[] bytes)
    {
        MemoryDisk copy = disk.Copy();
        copy.Put(path, bytes);
        BackupCorruptException refused = await Assert.ThrowsAsync<BackupCorruptException>(
            () => BackupVerification.VerifyAsync(copy, SampleBackup.Folder, Cancellation));
        Assert.Equal(path, refused.Path);
        Assert.InRange(refused.Offset, 0, bytes.Length);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }
}
