using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A publisher beside its node, which may be stopped first: while it starts, publishes, helps a replica to catch up, and forwards.</summary>
internal sealed class CommittedPublisherStops : StopSubject
{
    private const string Scope = "publisher";

    public override string Name => "CommittedPublisher";

    public override TimeSpan Bound => 2 * ClusterAround.Publishing(1).StopLimit;

    public override IReadOnlyList<StopFault> Faults => NetworkFaults;

    public override IReadOnlyList<string> States => ["starting", "publishing", "followed"];

    public override double Pace => 0.4;

    public override string MachineName => "n1";

    public override Task PrepareAsync(StopLab lab)
    {
        ClusterAround.BootWriter(lab, "c1", 1, 2000, TimeSpan.FromMilliseconds(30));
        ClusterAround.BootForwarder(lab, "f1", TimeSpan.FromMilliseconds(20));
        ClusterAround.BootReplica(lab, "r1");
        return Task.CompletedTask;
    }

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(lab, platform);

    private sealed class Component : StopComponent
    {
        private readonly StopLab _lab;
        private readonly CommittedPublisher _publisher;
        private readonly ReplicaNode _node;
        private bool _started;

        public Component(StopLab lab, IPlatform platform)
        {
            _lab = lab;
            _publisher = new CommittedPublisher(platform, ClusterAround.Publishing(1));
            _node = new ReplicaNode(platform, ClusterAround.Options(1, 1), _publisher.Tap());
        }

        public override string State => _publisher.Status.Replicas.Count > 0 ? "followed" : "publishing";

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!_started && _lab.Plan.Moment >= TimeSpan.Zero)
            {
                _started = true;
                await _node.StartAsync(cancellationToken);
            }

            await _publisher.StartAsync(_node, cancellationToken);
        }

        public override async Task StopAsync(int way)
        {
            if (way == 0 && _lab.Plan.Variant % 3 == 0)
            {
                // The publisher then asks a node that is gone.
                await _node.StopAsync();
            }

            await _publisher.StopAsync();
        }

        public override bool IsAnswer(Exception exception) => false;

        public override bool IsRefusal(Exception exception) => exception is OperationCanceledException;

        public override bool Owns(LedgerEntry entry) =>
            entry.Kind == LedgerKind.MessageSocket
            || entry.Name.StartsWith(Scope, StringComparison.Ordinal)
            || entry.CreatedBy.StartsWith(Scope, StringComparison.Ordinal);

        public override Task CloseAsync() => _node.StopAsync();
    }
}
