using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class ReplicaRecoveryTests
{
    [Fact]
    public void An_empty_disk_is_an_empty_log()
    {
        var recovery = ReplicaRecovery.Combine(new LogRecovery(), null);
        Assert.Equal(default, recovery.State.Hard);
        Assert.Equal(default, recovery.State.Start);
        Assert.Empty(recovery.State.Entries);
        Assert.False(recovery.LogMustStartAtSnapshot);
    }

    [Fact]
    public void The_log_goes_on_behind_a_snapshot_that_it_holds()
    {
        var log = new LogRecovery { State = new HardState(4, new NodeId(2)).Encode(), Start = new LogPosition(2, 1), Entries = Entries(3, 7, term: 3) };
        var recovery = ReplicaRecovery.Combine(log, Snapshot(5, 3));
        Assert.Equal(new HardState(4, new NodeId(2)), recovery.State.Hard);
        Assert.Equal(new LogPosition(5, 3), recovery.State.Start);
        Assert.Equal([6UL, 7UL], recovery.State.Entries.Select(entry => entry.Index));
        Assert.False(recovery.LogMustStartAtSnapshot);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(9, 3)]
    public void A_snapshot_that_the_log_does_not_hold_replaces_the_log(ulong index, ulong term)
    {
        var log = new LogRecovery { Start = new LogPosition(2, 1), Entries = Entries(3, 7, term: 3) };
        var recovery = ReplicaRecovery.Combine(log, Snapshot(index, term));
        Assert.Equal(new LogPosition(index, term), recovery.State.Start);
        Assert.Empty(recovery.State.Entries);
        Assert.True(recovery.LogMustStartAtSnapshot);
    }

    [Fact]
    public void A_log_that_starts_behind_its_snapshot_is_refused()
    {
        var log = new LogRecovery { Start = new LogPosition(6, 3), Entries = Entries(7, 8, term: 3) };
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, Snapshot(5, 3)));
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, null));
    }

    [Fact]
    public void A_log_with_a_gap_is_refused()
    {
        var log = new LogRecovery { Entries = [.. Entries(1, 3, term: 1), .. Entries(5, 6, term: 1)] };
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, null));
    }

    private static StoredSnapshot Snapshot(ulong index, ulong term) => new(new LogPosition(index, term), new byte[] { 1 });

    private static List<LogEntry> Entries(ulong first, ulong last, ulong term)
    {
        var entries = new List<LogEntry>();
        for (ulong index = first; index <= last; index++)
        {
            entries.Add(new LogEntry(index, term, LogEntryKind.Command, new byte[] { 1 }));
        }

        return entries;
    }
}
