using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Runtime;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A client of a cluster: its stop ends the present operation, and what is not decided is unknown.</summary>
internal sealed class ClientStops(string name, Func<IPlatform, ClientStops.Calls> create) : StopSubject
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    public static ClientStops Graph { get; } = new("GraphClient", platform =>
    {
        var client = new GraphClient(platform, ClusterAround.Client(2));
        return new Calls(
            who => who == 0 ? client.ReadAsync(new CountNodes(), CancellationToken.None) : client.WriteAsync(ClusterAround.Write(100), CancellationToken.None),
            client.StopAsync);
    });

    public static ClientStops Administrator { get; } = new("ClusterAdministrator", platform =>
    {
        var client = new ClusterAdministrator(platform, ClusterAround.Client(2));
        return new Calls(
            who => who == 0
                ? client.DescribeAsync(CancellationToken.None)
                : client.TransferLeadershipAsync(new NodeId(1 + (who % 2)), CancellationToken.None),
            client.StopAsync);
    });

    public static ClientStops Forwarding { get; } = new("ForwardingClient", platform =>
    {
        var client = new ForwardingClient(platform, ClusterAround.Forwarding("m"));
        return new Calls(_ => client.WriteAsync(ClusterAround.Write(100), CancellationToken.None), client.StopAsync);
    });

    public override string Name => name;

    // It has nothing to wait for: no disk, and no peer.
    public override TimeSpan Bound => TimeSpan.Zero;

    public override IReadOnlyList<StopFault> Faults => NetworkFaults;

    public override IReadOnlyList<string> States => ["asking", "idle", "operations", "refusals"];

    public override double Pace => 0.3;

    public override async Task PrepareAsync(StopLab lab)
    {
        ClusterAround.BootNode(lab, ClusterAround.Options(1, 2), publishing: ClusterAround.Publishing(1));
        ClusterAround.BootNode(lab, ClusterAround.Options(2, 2));
        if (lab.Plan.Variant % 3 != 0)
        {
            await lab.DelayAsync(Settled);
        }
    }

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(create(platform));

    /// <summary>What can be done with a client.</summary>
    /// <param name="Ask">An operation.</param>
    /// <param name="StopAsync">Its stop.</param>
    internal sealed record Calls(Func<int, Task> Ask, Func<Task> StopAsync);

    private sealed class Component(Calls calls) : StopComponent
    {
        private int _asking;

        public override int Operators => 3;

        public override string State => _asking > 0 ? "asking" : "idle";

        // There is no start but the first operation.
        public override Task StartAsync(CancellationToken cancellationToken) => calls.Ask(0);

        public override async Task OperateAsync(int who)
        {
            _asking++;
            try
            {
                await calls.Ask(who);
            }
            finally
            {
                _asking--;
            }
        }

        public override Task StopAsync(int way) => calls.StopAsync();

        public override bool IsAnswer(Exception exception) => exception is not OperationCanceledException && ClusterAround.IsUnanswered(exception);

        public override bool IsRefusal(Exception exception) => exception is ObjectDisposedException;
    }
}
