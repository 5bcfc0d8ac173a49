using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

/// <summary>
/// Version 1 of the format, as files that must stay readable: a compressed file, the newest file, and the anchor of a chain whose beginning was removed.
/// UPDATE_GOLDEN=1 writes them again.
/// </summary>
public sealed class AuditGoldenTests
{
    private const ulong First = 6;
    private const ulong Newest = 9;
    private const string LastHash = "a9e9d4f0cf73e74cde5f2b8456b0a87b1c2c3bfa9e4049bd6f592a8f6b8b138d";

    [Fact]
    public async Task Files_of_version_1_stay_readable()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await WriteAsync();
        }

        var disk = new MemoryDisk();
        disk.Put(AuditSample.PathOf(First, compressed: true), await ReadAsync("audit-v1.jsonl.gz"));
        disk.Put(AuditSample.PathOf(Newest), await ReadAsync("audit-v1.jsonl"));
        disk.Put("audit/audit-anchor.json", await ReadAsync("audit-anchor-v1.json"));
        AuditVerification found = await AuditLog.VerifyFolderAsync(disk, "audit", CancellationToken.None);
        Assert.True(found.IsSound, found.FirstBad?.ToString());
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        Assert.Equal(Enumerable.Range((int)First, 6), await log.ReadNumbersAsync());
        Assert.Equal(new AuditPosition(11, LastHash), log.Log.Recovered);
        Assert.Equal(12UL, (await log.AppendAsync(12)).Sequence);
    }

    private static Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(Path.Join(RepositoryFiles.Golden, name));

    private static async Task WriteAsync()
    {
        var disk = new MemoryDisk();
        var clock = new ManualClock();
        await using (OpenedAudit log = await OpenedAudit.OpenAsync(disk, clock: clock))
        {
            foreach ((int from, int to) in ((int, int)[])[(1, 5), ((int)First, 8), ((int)Newest, 11)])
            {
                await log.Log.RotateAsync(CancellationToken.None);
                await log.AppendAsync(from, to);
                clock.Pass(from == 1 ? TimeSpan.FromDays(400) : TimeSpan.Zero);
                await log.MaintainAsync();
            }
        }

        Directory.CreateDirectory(RepositoryFiles.Golden);
        await File.WriteAllBytesAsync(Path.Join(RepositoryFiles.Golden, "audit-v1.jsonl.gz"), disk.Get(AuditSample.PathOf(First, compressed: true)));
        await File.WriteAllBytesAsync(Path.Join(RepositoryFiles.Golden, "audit-v1.jsonl"), disk.Get(AuditSample.PathOf(Newest)));
        await File.WriteAllBytesAsync(Path.Join(RepositoryFiles.Golden, "audit-anchor-v1.json"), disk.Get("audit/audit-anchor.json"));
    }
}
