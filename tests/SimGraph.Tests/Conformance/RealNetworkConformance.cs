using SimGraph.Runtime;
using SimGraph.Runtime.Production;

namespace SimGraph.Tests.Conformance;

/// <summary>The contract of the network seam against the kernel's loopback.</summary>
public sealed class RealNetworkConformance : NetworkConformance
{
    protected override int Backlog => 64;

    protected override int LargeTransferBytes => 32 * 1024 * 1024;

    protected override string HostOf(IPlatform platform) => "127.0.0.1";

    protected override Task RunAsync(Func<IPlatform, IPlatform, Task> body)
    {
        var network = new SocketNetwork(Backlog);
        return Task.Run(() => body(new LoopbackPlatform("server", network), new LoopbackPlatform("client", network)))
            .WaitAsync(TimeSpan.FromSeconds(60));
    }
}
