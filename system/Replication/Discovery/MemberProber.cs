// Heartbeats: this node asks every other member that it knows, once an interval, over a connection of its own that it keeps. An answer is the only evidence
// of life, so every node asks for itself; nobody reports on behalf of another.
//
// Concurrency model: one task ticks, and starts one task for each member that has none; that ends when the member is forgotten. A member that does not
// answer costs its own task one connection attempt at a time, and nobody else anything.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>Asks the known members for signs of life.</summary>
internal sealed class MemberProber(IPlatform platform, DiscoveryOptions options, MemberBoard board, TaskScope scope, ILogger logger)
{
    private const int TicksPerHeartbeat = 4;

    private readonly object _gate = new();
    private readonly SortedSet<NodeId> _probed = [];

    /// <summary>Begins.</summary>
    public void Start() => scope.Run("tick", TickAsync);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            board.Tick();
            foreach (MemberRecord member in board.ToProbe())
            {
                StartProbe(member.Node);
            }

            await platform.Clock.DelayAsync(options.Table.HeartbeatInterval / TicksPerHeartbeat, cancellationToken);
        }
    }

    private void StartProbe(NodeId node)
    {
        lock (_gate)
        {
            if (!_probed.Add(node))
            {
                return;
            }
        }

        try
        {
            scope.Run($"probe-{node.Value}", token => ProbeAsync(node, token));
        }
        catch (ScopeStoppedException)
        {
            // The stop comes in between; the next wait of the caller ends by it.
        }
    }

    private async Task ProbeAsync(NodeId node, CancellationToken cancellationToken)
    {
        DiscoveryConnection? connection = null;
        MemberRecord? dialled = null;
        TimeSpan listDueAt = TimeSpan.MinValue;
        try
        {
            while (board.Find(node) is { } member)
            {
                TimeSpan begunAt = platform.Clock.Elapsed();
                if (connection is not null && member.DiscoveryAddress != dialled!.DiscoveryAddress)
                {
                    await connection.DisposeAsync();
                    connection = null;
                }

                try
                {
                    connection ??= await DiscoveryConnection.DialAsync(platform, member.DiscoveryAddress, options.DialLimit, cancellationToken);
                    dialled = member;
                    bool wantsList = begunAt >= listDueAt;
                    await AskAsync(connection, node, wantsList, cancellationToken);
                    listDueAt = wantsList ? begunAt + options.AnnounceInterval : listDueAt;
                }
                catch (Exception exception) when (DiscoveryFailure.IsExpected(exception))
                {
                    platform.Probes.Reachable("discovery.heartbeat-failed");
                    DiscoveryLog.HeartbeatFailed(logger, node, member.DiscoveryAddress, exception.Message);
                    if (connection is not null)
                    {
                        await connection.DisposeAsync();
                        connection = null;
                    }
                }

                await platform.Clock.DelayAsync(begunAt + options.Table.HeartbeatInterval - platform.Clock.Elapsed(), cancellationToken);
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            lock (_gate)
            {
                _probed.Remove(node);
            }
        }
    }

    private async Task AskAsync(DiscoveryConnection connection, NodeId node, bool wantsList, CancellationToken cancellationToken)
    {
        var request = new DiscoveryRequest(DiscoveryRequest.CurrentVersion, options.ClusterId, node.Value, wantsList, board.Own);
        (DiscoveryAnswer answer, TimeSpan askedAt) = await connection.AskAsync(request, options.ProbeLimit, cancellationToken);
        board.Take(answer, askedAt);
    }
}
