using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Tests.Cluster.Discovery;

namespace SimGraph.Tests.Stops.Components;

/// <summary>Discovery: while it starts, announces itself, asks for signs of life and answers.</summary>
internal sealed class DiscoveryServiceStops : StopSubject
{
    public override string Name => "DiscoveryService";

    public override TimeSpan Bound => 2 * DiscoveryServiceTests.Options(3, "n3").StopLimit;

    public override IReadOnlyList<StopFault> Faults => [.. NetworkFaults, .. DiskFaults];

    public override IReadOnlyList<string> States => ["starting", "alone", "among others", "refusals"];

    public override string MachineName => "n3";

    public override Task PrepareAsync(StopLab lab)
    {
        foreach (int id in (int[])[1, 2])
        {
            lab.BootPeer($"n{id}", async (platform, stop) =>
            {
                DiscoveryService service = Create(platform, id);
                try
                {
                    await service.StartAsync(stop);
                    await StopLab.UntilStoppedAsync(stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Asked to stop before it had started.
                }

                await service.StopAsync();
            });
        }

        return Task.CompletedTask;
    }

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(lab, Create(platform, 3));

    private static DiscoveryService Create(IPlatform platform, int id) => new(
        platform,
        DiscoveryServiceTests.Options(id, $"n{id}"),
        new StaticSeedSource([new NetworkAddress("n1", 9200), new NetworkAddress("n2", 9200)]));

    private sealed class Component(StopLab lab, DiscoveryService service) : StopComponent
    {
        public override int Operators => 1;

        public override string State => service.Members?.Count(MemberState.Alive) > 1 ? "among others" : "alone";

        public override Task StartAsync(CancellationToken cancellationToken) => service.StartAsync(cancellationToken);

        public override Task OperateAsync(int who) => service.WaitForAsync(static _ => false, TimeSpan.FromHours(1), CancellationToken.None);

        public override Task StopAsync(int way) => service.StopAsync();

        public override bool IsAnswer(Exception exception) => lab.Plan.Fault >= StopFault.SlowDisk && IsOfDisk(exception);

        // Not started: because it was stopped first, or its disk failed.
        public override bool IsRefusal(Exception exception) =>
            exception is OperationCanceledException || (exception is InvalidOperationException && service.Members is null);
    }
}
