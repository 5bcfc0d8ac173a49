using System.Collections.Immutable;
using FsCheck.Xunit;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Restoring;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Storage;
using Xunit;

namespace SimGraph.Tests.Replication.Backup;

/// <summary>What is restored is what was there, at every index; what cannot be restored is refused.</summary>
public sealed class BackupRestoreTests
{
    private const string Node1 = "node-1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Property(MaxTest = 25)]
    public async Task Each_index_from_the_base_to_the_end_is_restored_to_the_state_that_was_there(byte before, byte behind, ushort fileBytes, ushort chunkBytes, ushort wanted)
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before % 12, behind % 30, 1 + (fileBytes % 2_000), 1 + (chunkBytes % 2_000));
        BackupManifest manifest = await sample.Files.LoadAsync(Cancellation);
        ulong index = manifest.Base.Index + ((ulong)wanted % (manifest.End.Index - manifest.Base.Index + 1));
        var platform = new StoragePlatform(new MemoryDisk());
        RestoreSummary restored = await BackupRestore.RestoreAsync(platform, sample.Disk, SampleBackup.Folder, Options(index), Cancellation);
        Assert.Equal(index, restored.Position.Index);
        Assert.Equal(index == 0 ? 0 : sample.DigestAt(index), restored.Digest);
    }

    [Fact]
    public async Task A_restored_node_begins_with_the_wanted_entry_and_the_new_membership_behind_it()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 12);
        var platform = new StoragePlatform(new MemoryDisk());
        RestoreOptions options = Options(index: 13) with
        {
            Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty
                .Add(new NodeId(1), new NetworkAddress("a", 1)).Add(new NodeId(4), new NetworkAddress("b", 2)),
        };
        await BackupRestore.RestoreAsync(platform, sample.Disk, SampleBackup.Folder, options, Cancellation);
        foreach (string node in (string[])[Node1, "node-4"])
        {
            var scope = new TaskScope(platform.Tasks, "test");
            WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, new WriteAheadLogOptions { Directory = $"{node}/log" }, Cancellation);
            ReplicatedStateMachine machine = await OpenAsync(platform, scope, node);
            var recovery = ReplicaRecovery.Combine(log.Recovered, machine.Applied, machine.Membership);
            Assert.False(recovery.LogMustStartAtState);
            Assert.Equal(new LogPosition(13, 4), recovery.State.Applied);
            Assert.Equal(recovery.State.Applied, recovery.State.Start);
            Assert.Equal(new HardState(5, null), recovery.State.Hard);
            LogEntry entry = Assert.Single(recovery.State.Entries);
            Assert.Equal((14UL, 5UL, LogEntryKind.Membership), (entry.Index, entry.Term, entry.Kind));
            Assert.Equal(options.Members.Keys, Membership.Decode(entry.Payload.Span).Voters.Select(static voter => voter.Id));
            await machine.StopAsync();
            await log.StopAsync();
            await scope.StopAsync();
        }
    }

    [Fact]
    public async Task A_write_that_is_in_the_backup_is_not_applied_again_and_one_behind_it_is_applied_once()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 12);
        var platform = new StoragePlatform(new MemoryDisk());
        await BackupRestore.RestoreAsync(platform, sample.Disk, SampleBackup.Folder, Options(index: 13), Cancellation);
        var scope = new TaskScope(platform.Tasks, "test");
        ReplicatedStateMachine machine = await OpenAsync(platform, scope, Node1);
        UInt128 graph = machine.Graph.Digest;
        Assert.Equal(sample.Results[13], (await machine.ApplyAsync(sample.Write(14, 6, request: 13), Cancellation)).ToArray());
        Assert.Equal(graph, machine.Graph.Digest);

        // What the old cluster did behind entry 13 never happened here.
        byte[] again = (await machine.ApplyAsync(sample.Write(15, 6, request: 17), Cancellation)).ToArray();
        Assert.NotEqual(graph, machine.Graph.Digest);
        graph = machine.Graph.Digest;
        Assert.Equal(again, (await machine.ApplyAsync(sample.Write(16, 6, request: 17), Cancellation)).ToArray());
        Assert.Equal(graph, machine.Graph.Digest);
        await machine.StopAsync();
        await scope.StopAsync();
    }

    [Fact]
    public async Task An_index_that_is_not_in_the_backup_is_refused_with_those_that_are()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 4);
        foreach (ulong index in (ulong[])[5, 11, 0, ulong.MaxValue])
        {
            await AssertRefusedAsync("from 6 to 10", sample, Options(index));
        }
    }

    [Fact]
    public async Task The_name_of_the_old_cluster_is_refused()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 4);
        await AssertRefusedAsync("another name", sample, Options(index: 8) with { ClusterId = SampleBackup.ClusterId });
    }

    [Theory]
    [InlineData("node-1/anything")]
    [InlineData("node-1/log/wal-0000000000000001.log")]
    [InlineData("node-1/state/MANIFEST")]
    public async Task A_folder_that_is_not_empty_is_refused_and_left_alone(string path)
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 4);
        MemoryDisk disk = MemoryDisk.Holding(path, [1]);
        BackupException refused = await Assert.ThrowsAsync<BackupException>(
            () => BackupRestore.RestoreAsync(new StoragePlatform(disk), sample.Disk, SampleBackup.Folder, Options(index: 8), Cancellation));
        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
        Assert.Equal([path], disk.Paths);
    }

    [Fact]
    public async Task A_backup_that_broke_off_is_recognised()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 4);
        sample.Disk.Remove($"{SampleBackup.Folder}/backup.manifest");
        await AssertRefusedAsync("broke off", sample, Options(index: 8));
        await AssertRefusedAsync("no backup", sample, Options(index: 8), folder: "elsewhere");
    }

    [Fact]
    public async Task Damage_behind_the_wanted_entry_does_not_matter_and_damage_before_it_does()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 20, fileBytesMax: 1_000_000);
        string path = sample.Files.EntriesPath(7);
        byte[] damaged = sample.Disk.Get(path);
        damaged[^1] ^= 1;
        sample.Disk.Put(path, damaged);
        RestoreSummary restored = await BackupRestore.RestoreAsync(
            new StoragePlatform(new MemoryDisk()), sample.Disk, SampleBackup.Folder, Options(index: 25), Cancellation);
        Assert.Equal(sample.DigestAt(25), restored.Digest);
        await AssertRefusedAsync(path, sample, Options(index: 26));
    }

    [Fact]
    public async Task A_node_does_not_start_on_half_a_restore_nor_under_another_name()
    {
        using SampleBackup sample = await SampleBackup.CreateAsync(before: 6, behind: 8);
        int failed = 0;
        long calls = await CountCallsAsync(sample);
        for (long at = 1; at <= calls; at += 5)
        {
            var disk = new MemoryDisk { FailAt = at };
            Exception? failure = await Record.ExceptionAsync(
                () => BackupRestore.RestoreAsync(new StoragePlatform(disk), sample.Disk, SampleBackup.Folder, Options(8), Cancellation));
            MemoryDisk left = disk.LosePower(static () => true);
            if (failure is null)
            {
                // The call that failed was one that does not matter.
                await RestoreMark.CheckAsync(left, Node1, "new", Cancellation);
                continue;
            }

            failed++;
            if (left.Paths.Count > 0 && left.Paths.All(static path => path != "node-1/restored"))
            {
                // Only the mark itself may be there unfinished, under another name: nothing of a state or a log.
                Assert.All(left.Paths, static path => Assert.StartsWith("node-1/restored", path, StringComparison.Ordinal));
            }
            else if (left.Paths.Count > 0)
            {
                await Assert.ThrowsAsync<RecoveryException>(() => RestoreMark.CheckAsync(left, Node1, "new", Cancellation));
            }
        }

        Assert.True(failed > calls / 10, "most failures of the disk matter");
        var whole = new MemoryDisk();
        await BackupRestore.RestoreAsync(new StoragePlatform(whole), sample.Disk, SampleBackup.Folder, Options(8), Cancellation);
        await RestoreMark.CheckAsync(whole, Node1, "new", Cancellation);
        await Assert.ThrowsAsync<RecoveryException>(() => RestoreMark.CheckAsync(whole, Node1, SampleBackup.ClusterId, Cancellation));
    }

    private static RestoreOptions Options(ulong index) => new()
    {
        ClusterId = "new",
        Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(new NodeId(1), new NetworkAddress("localhost", 9101)),
        Index = index,
        State = new StateMachineOptions { SessionsMax = 3 },
    };

    private static async Task<long> CountCallsAsync(SampleBackup sample)
    {
        var disk = new MemoryDisk();
        await BackupRestore.RestoreAsync(new StoragePlatform(disk), sample.Disk, SampleBackup.Folder, Options(8), Cancellation);
        return disk.Calls;
    }

    private static async Task<ReplicatedStateMachine> OpenAsync(StoragePlatform platform, TaskScope scope, string node) => await ReplicatedStateMachine.OpenAsync(
        platform, scope, new StateMachineOptions { SessionsMax = 3, Tree = new LsmOptions { Folder = $"{node}/state" } }, Cancellation);

    private static async Task AssertRefusedAsync(string why, SampleBackup sample, RestoreOptions options, string folder = SampleBackup.Folder)
    {
        BackupException refused = await Assert.ThrowsAnyAsync<BackupException>(
            () => BackupRestore.RestoreAsync(new StoragePlatform(new MemoryDisk()), sample.Disk, folder, options, Cancellation));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
