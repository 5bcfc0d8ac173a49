using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class ReplicaRecoveryTests
{
    [Fact]
    public void An_empty_disk_is_an_empty_log()
    {
        var recovery = ReplicaRecovery.Combine(new LogRecovery(), default, membership: null);
        Assert.Equal(default, recovery.State.Hard);
        Assert.Equal(default, recovery.State.Start);
        Assert.Empty(recovery.State.Entries);
        Assert.False(recovery.LogMustStartAtState);
    }

    [Fact]
    public void A_log_that_holds_what_was_applied_last_is_kept_whole()
    {
        var log = new LogRecovery { State = new HardState(4, new NodeId(2)).Encode(), Start = new LogPosition(2, 1), Entries = Entries(3, 7, term: 3) };
        var recovery = ReplicaRecovery.Combine(log, new LogPosition(5, 3), membership: null);
        Assert.Equal(new HardState(4, new NodeId(2)), recovery.State.Hard);
        Assert.Equal(new LogPosition(2, 1), recovery.State.Start);
        Assert.Equal(new LogPosition(5, 3), recovery.State.Applied);
        Assert.Equal([3UL, 4UL, 5UL, 6UL, 7UL], recovery.State.Entries.Select(entry => entry.Index));
        Assert.False(recovery.LogMustStartAtState);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(8, 3)]
    [InlineData(9, 3)]
    public void A_state_that_the_log_does_not_hold_replaces_the_log(ulong index, ulong term)
    {
        var log = new LogRecovery { Start = new LogPosition(2, 1), Entries = Entries(3, 7, term: 3) };
        var recovery = ReplicaRecovery.Combine(log, new LogPosition(index, term), membership: null);
        Assert.Equal(new LogPosition(index, term), recovery.State.Start);
        Assert.Equal(new LogPosition(index, term), recovery.State.Applied);
        Assert.Empty(recovery.State.Entries);
        Assert.True(recovery.LogMustStartAtState);
    }

    [Fact]
    public void A_log_that_starts_behind_the_state_is_refused()
    {
        var log = new LogRecovery { Start = new LogPosition(6, 3), Entries = Entries(7, 8, term: 3) };
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, new LogPosition(5, 3), membership: null));
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, default, membership: null));
    }

    [Fact]
    public void A_log_with_a_gap_is_refused()
    {
        var log = new LogRecovery { Entries = [.. Entries(1, 3, term: 1), .. Entries(5, 6, term: 1)] };
        Assert.Throws<RecoveryException>(() => ReplicaRecovery.Combine(log, default, membership: null));
    }

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
