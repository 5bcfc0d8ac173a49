using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A node with all its parts: while it starts, elects, leads, follows, takes a state, sends one, and serves a backup.</summary>
internal sealed class ReplicaNodeStops : StopSubject
{
    private const int StateBytesPerSecond = 40_000;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.6);
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(30);
    private ReplicaNode? _latecomer;

    private enum Situation
    {
        Alone,
        Founding,
        Serving,
        TakingState,
        SendingState,
        ServingBackup,
    }

    public override string Name => "ReplicaNode";

    public override TimeSpan Bound => ClusterAround.Options(1, 1).StopBound;

    public override IReadOnlyList<StopFault> Faults => [.. NetworkFaults, .. DiskFaults];

    // The situations in which a state is on its way are the rare ones, so they count twice.
    private static readonly Situation[] Lives =
    [
        Situation.Alone, Situation.Founding, Situation.Serving, Situation.TakingState, Situation.TakingState, Situation.SendingState, Situation.SendingState, Situation.ServingBackup,
    ];

    public override double Pace => 0.7;

    public override IReadOnlyList<string> States => ["starting", "electing", "leading", "following", "taking a state", "sending a state"];

    public override string MachineName => "n1";

    public override async Task PrepareAsync(StopLab lab)
    {
        _latecomer = null;
        Situation situation = SituationOf(lab);
        switch (situation)
        {
            case Situation.Alone:
                ClusterAround.BootWriter(lab, "c1", 1, 100, Think);
                break;
            case Situation.TakingState:
                ClusterAround.BootNode(lab, ClusterAround.Options(2, 3));
                ClusterAround.BootNode(lab, ClusterAround.Options(3, 3));
                ClusterAround.BootWriter(lab, "c1", 3, 4000, Think);
                await lab.DelayAsync(Late);
                lab.World.Network.Slow(lab.Machine, lab.Peers[0], StateBytesPerSecond, TimeSpan.FromHours(1));
                lab.World.Network.Slow(lab.Machine, lab.Peers[1], StateBytesPerSecond, TimeSpan.FromHours(1));
                break;
            case Situation.SendingState:
                ClusterAround.BootNode(lab, ClusterAround.Options(2, 3));
                ClusterAround.BootNode(lab, ClusterAround.Options(3, 3), Late, started: node => _latecomer = node);
                ClusterAround.BootWriter(lab, "c1", 3, 4000, Think);
                lab.World.Network.Slow(lab.Machine, lab.Peers[1], StateBytesPerSecond, TimeSpan.FromHours(1));
                break;
            default:
                ClusterAround.BootNode(lab, ClusterAround.Options(2, 3));
                ClusterAround.BootNode(lab, ClusterAround.Options(3, 3));
                ClusterAround.BootWriter(lab, "c1", 3, 100, Think);
                break;
        }

        if (situation == Situation.ServingBackup)
        {
            BootBackup(lab);
        }
    }

    public override StopComponent Create(StopLab lab, IPlatform platform)
    {
        Situation situation = SituationOf(lab);
        ReplicaOptions options = ClusterAround.Options(1, situation == Situation.Alone ? 1 : 3);
        if (situation == Situation.SendingState)
        {
            options = options with { Priorities = ImmutableSortedDictionary<NodeId, byte>.Empty.Add(new NodeId(1), 9) };
        }

        return new Component(this, lab, situation, new ReplicaNode(platform, options));
    }

    private static Situation SituationOf(StopLab lab) => Lives[lab.Plan.Variant % Lives.Length];

    private static void BootBackup(StopLab lab) => lab.BootPeer("b", async (platform, stop) =>
    {
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            try
            {
                var options = new BackupOptions { Addresses = [ClusterAround.AddressOf(1)], Folder = $"backup-{number}", AttemptsMax = 1 };
                await new BackupTaker(platform, options).TakeAsync(stop);
            }
            catch (Exception exception) when (exception is BackupException or OperationCanceledException)
            {
                // The member is stopped, or this is.
            }
        }
    });

    private sealed class Component(ReplicaNodeStops subject, StopLab lab, Situation situation, ReplicaNode node) : StopComponent
    {
        public override string State => node.Status switch
        {
            { Role: ConsensusRole.Leader } when situation == Situation.SendingState && subject._latecomer is { Status.AppliedIndex: 0 } => "sending a state",
            { Role: ConsensusRole.Leader } => "leading",
            { Role: ConsensusRole.Follower, Leader: not null, AppliedIndex: 0 } when situation == Situation.TakingState => "taking a state",
            { Role: ConsensusRole.Follower, Leader: not null } => "following",
            _ => "electing",
        };

        public override Task StartAsync(CancellationToken cancellationToken) => node.StartAsync(cancellationToken);

        public override Task StopAsync(int way) => node.StopAsync();

        // A disk that fails while it starts; the rest comes as the end of the node.
        public override bool IsAnswer(Exception exception) =>
            lab.Plan.Fault >= StopFault.SlowDisk && (IsOfDisk(exception) || exception is WriteAheadLogException or LsmException);

        public override bool IsRefusal(Exception exception) => exception is OperationCanceledException;
    }
}
