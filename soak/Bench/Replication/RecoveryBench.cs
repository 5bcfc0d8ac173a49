// How long a node takes from its start until it has applied everything that its log holds, and leads. The log is written by the log itself, entries as clients make them; the state is empty, as if
// nothing had been flushed: the worst that the option FlushEntries allows.

using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>Measures recovery against the length of the log.</summary>
internal static class RecoveryBench
{
    public const int PayloadBytes = 100;

    private const int BatchEntries = 1024;

    /// <summary>Starts a node of one on a log of so many entries.</summary>
    public static async Task<RecoveryTime> MeasureAsync(string folder, int entries)
    {
        var platform = new ProductionPlatform("recovery", new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance);
        await FillAsync(platform, entries);
        long bytes = new DirectoryInfo(Path.Join(folder, "log")).EnumerateFiles().Sum(static file => file.Length);
        var watch = new AppliedWatch((ulong)entries);
        var options = new ReplicaOptions
        {
            Self = new NodeId(1),
            Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty.Add(new NodeId(1), new NetworkAddress("127.0.0.1", FreePorts.Take(1)[0])),
            HeartbeatInterval = TimeSpan.FromMilliseconds(20),
            ElectionTimeout = TimeSpan.FromMilliseconds(40),
        };
        GC.Collect();
        long begun = Stopwatch.GetTimestamp();
        var node = new ReplicaNode(platform, options, watch);
        await node.StartAsync(CancellationToken.None);
        TimeSpan opened = Stopwatch.GetElapsedTime(begun);
        await watch.Reached;
        TimeSpan applied = Stopwatch.GetElapsedTime(begun);
        await node.StopAsync();
        return new RecoveryTime(entries, bytes, opened, applied);
    }

    private static async Task FillAsync(ProductionPlatform platform, int entries)
    {
        var scope = new TaskScope(platform.Tasks, "fill");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, new WriteAheadLogOptions { Directory = "log" }, CancellationToken.None);
        var batch = new List<LogEntry>(BatchEntries);
        byte[] payload = new byte[PayloadBytes];
        for (int index = 1; index <= entries; index++)
        {
            ClientCommand command = index == 1
                ? ClientCommand.OpenSession
                : ClientCommand.Write(1, (ulong)index, Encode(new GraphCommand(new CreateNode(LabelSet.Of("bench"), PropertyMap.Of(("payload", PropertyValue.FromBytes(payload))))).Encode));
            batch.Add(new LogEntry((ulong)index, 1, LogEntryKind.Command, Encode(command.Encode)));
            if (batch.Count == BatchEntries || index == entries)
            {
                await log.AppendAsync(new LogBatch { State = new HardState(1, null).Encode(), Entries = batch }, CancellationToken.None);
                batch = new List<LogEntry>(BatchEntries);
            }
        }

        await log.StopAsync();
        await scope.StopAsync();
    }

    private static byte[] Encode(Action<IBufferWriter<byte>> encode)
    {
        var buffer = new ArrayBufferWriter<byte>();
        encode(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
