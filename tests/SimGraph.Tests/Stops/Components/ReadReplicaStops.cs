using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A read replica, of the publisher's data centre or of another: while it starts, follows, takes a whole state and answers.</summary>
internal sealed class ReadReplicaStops : StopSubject
{
    private static readonly NetworkAddress OtherCentre = new("m", 9100);

    public override string Name => "ReadReplica";

    public override TimeSpan Bound => ClusterAround.Following("m").StopBound;

    public override IReadOnlyList<StopFault> Faults => [.. NetworkFaults, .. DiskFaults];

    public override IReadOnlyList<string> States => ["starting", "behind", "following", "operations", "refusals"];

    public override double Pace => 0.4;

    public override async Task PrepareAsync(StopLab lab)
    {
        PublisherOptions publishing = IsOfOtherCentre(lab) ? ClusterAround.Publishing(1, OtherCentre) : ClusterAround.Publishing(1);
        ClusterAround.BootNode(lab, ClusterAround.Options(1, 1), publishing: publishing);
        ClusterAround.BootWriter(lab, "c1", 1, 3000, TimeSpan.FromMilliseconds(30));
        if (lab.Plan.Variant % 2 == 0)
        {
            // The log is cut by now: the replica needs the whole state, over a link on which that takes a while.
            await lab.DelayAsync(TimeSpan.FromSeconds(1.5));
            lab.World.Network.Slow(lab.Machine, lab.Peers[0], 100_000, TimeSpan.FromHours(1));
        }
    }

    public override StopComponent Create(StopLab lab, IPlatform platform) =>
        new Component(lab, new ReadReplica(platform, ClusterAround.Following("m", IsOfOtherCentre(lab) ? OtherCentre : null)));

    private static bool IsOfOtherCentre(StopLab lab) => lab.Plan.Variant % 3 == 0;

    private sealed class Component(StopLab lab, ReadReplica replica) : StopComponent
    {
        public override int Operators => 2;

        public override string State => replica.Status.Applied.Index > 0 ? "following" : "behind";

        public override Task StartAsync(CancellationToken cancellationToken) => replica.StartAsync(cancellationToken);

        public override Task OperateAsync(int who) => replica.AskAsync(new CountNodes(), CancellationToken.None);

        public override Task StopAsync(int way) => replica.StopAsync();

        public override bool IsAnswer(Exception exception) =>
            lab.Plan.Fault >= StopFault.SlowDisk && (IsOfDisk(exception) || exception is LsmException);

        public override bool IsRefusal(Exception exception) => exception is ObjectDisposedException or OperationCanceledException;
    }
}
