// kill -9, on a real kernel, with real files. A killed process loses what it had in memory and nothing that it had handed to the kernel; so this finds
// acknowledgements that come too early, names and handles that are left behind, and openings that cannot cope. What power loss takes is the
// business of the simulated disk.

using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Audit;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using SimGraph.StorageWriter;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Storage.Kill;

public sealed class KillTests(ITestOutputHelper output)
{
    private const int Lanes = 2;
    private const int KillsInLane = 100;

    [Fact]
    public async Task After_200_kills_nothing_acknowledged_is_missing_and_nothing_is_left_behind()
    {
        Lane[] lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => LiveAsync(new Random(lane)))));
        foreach (Lane lane in lanes)
        {
            output.WriteLine(lane.ToString());

            // A test whose processes die before they have written anything proves nothing.
            Assert.True(lane.Wal > KillsInLane && lane.KeyValue > KillsInLane && lane.Audit > KillsInLane && lane.Busy > KillsInLane / 2, lane.ToString());
        }
    }

    private static async Task<Lane> LiveAsync(Random random)
    {
        using var folder = new TemporaryFolder();
        var total = new Lane(0, 0, 0, 0);
        for (int kill = 0; kill < KillsInLane; kill++)
        {
            // Some die while they open, most in the middle of it all.
            int lines = random.Next(5) == 0 ? random.Next(5) : random.Next(5, 150);
            WriterProcess life = await WriterProcess.RunAsync(folder.Path, lines);
            total = new Lane(
                await CheckWalAsync(folder.Path, Math.Max(total.Wal, life.Acknowledged("wal"))),
                await CheckKeyValueAsync(folder.Path, Math.Max(total.KeyValue, life.Acknowledged("kv"))),
                await CheckAuditAsync(folder.Path, Math.Max(total.Audit, life.Acknowledged("audit"))),
                total.Busy + (life.Lines > 4 ? 1 : 0));
            AssertNoHandle(folder.Path);
        }

        return total;
    }

    private static ProductionPlatform Platform(string folder) =>
        new("check", new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance);

    private static async Task<ulong> CheckWalAsync(string folder, ulong acknowledged)
    {
        ProductionPlatform platform = Platform(folder);
        await using var scope = new TaskScope(platform.Tasks, "check");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, WalWriting.Options, CancellationToken.None);
        ulong next = log.Recovered.Start.Index;
        foreach (LogEntry entry in log.Recovered.Entries)
        {
            Assert.Equal(++next, entry.Index);
            Assert.True(entry.Payload.Span.SequenceEqual(WalWriting.Payload(entry.Index)), $"entry {entry.Index} is not what was appended");
        }

        Assert.True(next >= acknowledged, $"entry {acknowledged} of the log was acknowledged, the last one is {next}");
        await log.StopAsync();
        return next;
    }

    private static async Task<ulong> CheckKeyValueAsync(string folder, ulong acknowledged)
    {
        ProductionPlatform platform = Platform(folder);
        await using var scope = new TaskScope(platform.Tasks, "check");
        KeyValueStore store = await KeyValueStore.OpenAsync(platform, scope, KeyValueWriting.Options, CancellationToken.None);
        LsmValue found = await store.GetAsync(KeyValueWriting.LastKey, at: null, CancellationToken.None);
        ulong last = found.Found ? BinaryPrimitives.ReadUInt64LittleEndian(found.Value.Span) : 0;
        Assert.True(last >= acknowledged, $"batch {acknowledged} of the store was acknowledged, the last one is {last}");
        for (ulong number = last; number > 0 && number + KeyValueWriting.Keys > last; number--)
        {
            // Each batch is there as a whole, and nothing of those that it replaced.
            LsmValue value = await store.GetAsync(KeyValueWriting.Key(number), at: null, CancellationToken.None);
            byte[]? expected = KeyValueWriting.Value(number);
            Assert.True(
                value.Found == expected is not null && value.Value.Span.SequenceEqual(expected), $"batch {number} of {last} is not what was written");
        }

        LsmVerification check = await store.Tree.VerifyAsync(CancellationToken.None);
        Assert.True(check.IsGood, string.Join('\n', check.Problems));
        await store.StopAsync();
        string[] names = [.. Directory.EnumerateFiles(Path.Join(folder, KeyValueWriting.Options.Tree.Folder)).Select(path => Path.GetFileName(path))];
        Assert.DoesNotContain(names, name => name.EndsWith(".tmp", StringComparison.Ordinal));

        int tables = store.Tree.Statistics.Levels.Sum(level => level.Tables);
        Assert.Equal(tables, names.Count(name => name.EndsWith(".sst", StringComparison.Ordinal)));
        return last;
    }

    private static async Task<ulong> CheckAuditAsync(string folder, ulong acknowledged)
    {
        ProductionPlatform platform = Platform(folder);
        await using var scope = new TaskScope(platform.Tasks, "check");
        AuditLog log = await AuditLog.OpenAsync(platform, scope, AuditWriting.Options, CancellationToken.None);
        AuditVerification found = await log.VerifyAsync(CancellationToken.None);
        Assert.True(found.IsSound, found.FirstBad?.ToString());
        Assert.True(found.LastSequence >= acknowledged, $"event {acknowledged} was acknowledged, the last one is {found.LastSequence}");
        await log.ReadAsync(
            AuditFilter.All,
            record =>
            {
                Assert.Equal(record.Sequence.ToString(CultureInfo.InvariantCulture), record.Resource);
                return ValueTask.FromResult(true);
            },
            CancellationToken.None);
        await log.StopAsync();
        await log.StopAsync();
        string[] names = [.. Directory.EnumerateFiles(Path.Join(folder, AuditWriting.Options.Directory)).Select(path => Path.GetFileName(path))];
        Assert.DoesNotContain(names, name => name.EndsWith(".tmp", StringComparison.Ordinal) || names.Contains($"{name}.gz"));
        return found.LastSequence;
    }

    private static void AssertNoHandle(string folder)
    {
        const string Handles = "/proc/self/fd";
        if (Directory.Exists(Handles))
        {
            IEnumerable<string> targets = Directory.EnumerateFiles(Handles).Select(handle => new FileInfo(handle).LinkTarget ?? string.Empty);
            Assert.DoesNotContain(targets, target => target.StartsWith(folder, StringComparison.Ordinal));
        }
    }

    private sealed record Lane(ulong Wal, ulong KeyValue, ulong Audit, int Busy);
}
