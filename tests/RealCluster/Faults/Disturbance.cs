using System.Globalization;
using SimGraph.RealCluster.Processes;
using SimGraph.RealCluster.Proxy;

namespace SimGraph.RealCluster.Faults;

/// <summary>One fault besides the kill, begun and ended. One task at a time.</summary>
/// <param name="cluster">Whom it happens to.</param>
/// <param name="kind">What happens.</param>
/// <param name="leader">Who leads as it begins.</param>
/// <param name="other">Another node.</param>
/// <param name="amount">How bad it is, from 0 to 1.</param>
internal sealed class Disturbance(ServerCluster cluster, DisturbanceKind kind, ServerNode leader, ServerNode other, double amount)
{
    private const int ClogBytesPerSecondMax = 20_000;
    private static readonly TimeSpan DelayMax = TimeSpan.FromMilliseconds(150);
    private readonly FaultProxy _proxy = cluster.Proxy;

    public DisturbanceKind Kind => kind;

    /// <summary>Begins it.</summary>
    public async Task BeginAsync()
    {
        switch (kind)
        {
            case DisturbanceKind.None:
                break;
            case DisturbanceKind.PauseFollower:
                other.Pause();
                break;
            case DisturbanceKind.PauseLeader:
                leader.Pause();
                break;
            case DisturbanceKind.KillFollower:
                await other.KillAsync();
                break;
            case DisturbanceKind.OneWayCut:
                _proxy.Between(leader.Number, other.Number).Cut();
                break;
            case DisturbanceKind.OneWayIsolation:
                ForEachPeerOf(leader, peer => _proxy.Between(amount < 0.5 ? leader.Number : peer, amount < 0.5 ? peer : leader.Number).Cut());
                break;
            case DisturbanceKind.Isolation:
                ForEachPeerOf(leader, peer => Both(leader.Number, peer, static direction => direction.Cut()));
                break;
            case DisturbanceKind.Delays:
                ForEachPeerOf(other, peer => Both(other.Number, peer, direction => direction.Delay(DelayMax * amount)));
                break;
            case DisturbanceKind.Clog:
                ForEachPeerOf(other, peer => Both(other.Number, peer, direction => direction.Clog(1 + (int)(ClogBytesPerSecondMax * amount))));
                break;
            case DisturbanceKind.Resets:
                ForEachPeerOf(leader, peer => _proxy.Reset(leader.Number, peer));
                _proxy.Reset(FaultProxy.Clients, leader.Number);
                break;
            case DisturbanceKind.SilenceToClients:
                _proxy.Between(leader.Number, FaultProxy.Clients).Cut();
                break;
            default:
                throw new InvalidOperationException($"no such disturbance: {kind}");
        }
    }

    /// <summary>Ends it.</summary>
    public async Task EndAsync()
    {
        switch (kind)
        {
            case DisturbanceKind.PauseFollower:
                other.Resume();
                break;
            case DisturbanceKind.PauseLeader:
                leader.Resume();
                break;
            case DisturbanceKind.KillFollower:
                await other.StartAsync();
                break;
            default:
                _proxy.HealAll();
                break;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{kind} (leader {leader.Number}, other {other.Number}, amount {amount:0.00})");

    private void ForEachPeerOf(ServerNode node, Action<int> action)
    {
        foreach (ServerNode peer in cluster.Nodes)
        {
            if (peer != node)
            {
                action(peer.Number);
            }
        }
    }

    private void Both(int one, int two, Action<Direction> action)
    {
        action(_proxy.Between(one, two));
        action(_proxy.Between(two, one));
    }
}
