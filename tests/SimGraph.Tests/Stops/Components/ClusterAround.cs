using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Stops.Components;

/// <summary>Members on machines n1, n2, … and those who use them, around a component that is to be stopped.</summary>
internal static class ClusterAround
{
    private static readonly TimeSpan OperationLimit = TimeSpan.FromSeconds(5);

    public static NetworkAddress AddressOf(int node, int port = 7000) => new($"n{node}", port);

    public static ReplicaOptions Options(int node, int founders) => new()
    {
        Self = new NodeId(node),
        Members = Enumerable.Range(1, founders).ToImmutableSortedDictionary(number => new NodeId(number), number => AddressOf(number)),
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        ElectionTimeout = TimeSpan.FromMilliseconds(500),
        FlushEntries = 16,
        SnapshotChunkBytes = 8 << 10,
    };

    public static ClientOptions Client(int members) => new()
    {
        Addresses = [.. Enumerable.Range(1, members).Select(number => AddressOf(number))],
        OperationLimit = OperationLimit,
    };

    public static PublisherOptions Publishing(int node, params NetworkAddress[] dataCentres) => new()
    {
        PublishAddress = AddressOf(node, 9090),
        ControlAddress = AddressOf(node, 9091),
        ForwardAddress = AddressOf(node, 9092),
        Cluster = Client(node),
        BeatInterval = TimeSpan.FromMilliseconds(100),
        ChunkBytes = 8 << 10,
        DataCentres = [.. dataCentres],
    };

    public static ReadReplicaOptions Following(string name, NetworkAddress? bind = null) => new()
    {
        Name = name,
        Sources = [new FanoutSource(AddressOf(1, 9090), AddressOf(1, 9091))],
        BindAddress = bind,
        ReportInterval = TimeSpan.FromMilliseconds(100),
        RequestLimit = TimeSpan.FromMilliseconds(500),
        FlushEntries = 16,
    };

    public static ForwardingOptions Forwarding(string name) => new()
    {
        Name = name,
        Targets = [new ForwardingTarget(AddressOf(1, 9092), AddressOf(1, 9091))],
        ReplyLimit = TimeSpan.FromSeconds(1),
        OperationLimit = OperationLimit,
    };

    /// <summary>A write of so many bytes.</summary>
    public static GraphCommand Write(int bytes) =>
        new(new CreateNode(LabelSet.Of("written"), PropertyMap.Of(("text", PropertyValue.From(new string('x', bytes))))));

    /// <summary>Boots a member, some time after now; publishing, if it is to.</summary>
    public static Machine BootNode(StopLab lab, ReplicaOptions options, TimeSpan after = default, PublisherOptions? publishing = null, Action<ReplicaNode>? started = null) =>
        lab.BootPeer($"n{options.Self.Value}", async (platform, stop) =>
        {
            CommittedPublisher? publisher = publishing is null ? null : new CommittedPublisher(platform, publishing);
            var node = new ReplicaNode(platform, options, publisher?.Tap());
            try
            {
                await platform.Clock.DelayAsync(after, stop);
                await node.StartAsync(stop);
                started?.Invoke(node);
                await (publisher?.StartAsync(node, stop) ?? Task.CompletedTask);
                await StopLab.UntilStoppedAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Asked to stop before it had started.
            }

            await (publisher?.StopAsync() ?? Task.CompletedTask);
            await node.StopAsync();
        });

    /// <summary>Boots somebody who writes until he is stopped. Each write ends with an answer, or in words.</summary>
    public static Machine BootWriter(StopLab lab, string name, int members, int bytes, TimeSpan think) =>
        lab.BootPeer(name, async (platform, stop) =>
        {
            var client = new GraphClient(platform, Client(members));
            await WriteAsync(platform, command => client.WriteAsync(command, stop), bytes, think, stop);
            await client.StopAsync();
        });

    /// <summary>The same over message sockets.</summary>
    public static Machine BootForwarder(StopLab lab, string name, TimeSpan think) =>
        lab.BootPeer(name, async (platform, stop) =>
        {
            var client = new ForwardingClient(platform, Forwarding(name));
            await WriteAsync(platform, command => client.WriteAsync(command, stop), 100, think, stop);
            await client.StopAsync();
        });

    /// <summary>Boots a read replica.</summary>
    public static Machine BootReplica(StopLab lab, string name) => lab.BootPeer(name, async (platform, stop) =>
    {
        var replica = new ReadReplica(platform, Following(name));
        try
        {
            await replica.StartAsync(stop);
            await StopLab.UntilStoppedAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop before it had started.
        }

        await replica.StopAsync();
    });

    /// <summary>How a write, or a question, may end that is not answered.</summary>
    public static bool IsUnanswered(Exception exception) =>
        exception is OutcomeUnknownException or TimeoutException or RequestRefusedException or OperationCanceledException;

    private static async Task WriteAsync(
        IPlatform platform, Func<GraphCommand, Task<GraphOutcome>> write, int bytes, TimeSpan think, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await write(Write(bytes));
                await platform.Clock.DelayAsync(think, stop);
            }
            catch (Exception exception) when (IsUnanswered(exception))
            {
                // An answer, of a kind: the next one may have more luck.
            }
        }
    }
}
