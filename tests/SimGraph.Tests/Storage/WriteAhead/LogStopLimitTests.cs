using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

public sealed class LogStopLimitTests
{
    [Fact]
    public async Task Stop_gives_up_on_a_disk_that_does_not_answer_after_its_own_limit_and_can_be_asked_again()
    {
        var disk = new MemoryDisk();
        await using OpenedLog log = await OpenedLog.OpenAsync(disk, new WriteAheadLogOptions { StopLimit = TimeSpan.FromMilliseconds(20) });
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task append = log.AppendAsync(LogSample.Entry(1));
        await disk.FlushEntered.Task;
        StopTimeoutException timeout = await Assert.ThrowsAsync<StopTimeoutException>(log.Log.StopAsync);
        Assert.Contains("wal/flush", timeout.Message, StringComparison.Ordinal);
        Assert.False(append.IsCompleted);
        await Assert.ThrowsAsync<LogClosedException>(() => log.AppendAsync(LogSample.Entry(2)));
        gate.SetResult();
        await log.Owner.StopAsync();
        await append;
    }

    [Fact]
    public void The_limit_is_below_what_a_replica_waits_by_default()
    {
        var self = new NodeId(1);
        var replica = new ReplicaOptions { Self = self, Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty };
        Assert.True(new WriteAheadLogOptions().StopLimit < replica.StopLimit);
    }
}
