using SimGraph.Runtime;
using SimGraph.Runtime.Production;
using SimGraph.ZeroMq;

namespace SimGraph.Tests.Conformance;

/// <summary>The contract of the message seam against NetMQ on the kernel's loopback.</summary>
public sealed class RealMessageConformance : MessageConformance
{
    protected override int LargeMessageBytes => 64 * 1024;

    protected override string HostOf(IPlatform platform) => "127.0.0.1";

    protected override async Task RunAsync(Func<IPlatform, IPlatform, Task> body)
    {
        await using var server = new NetMqSockets("server");
        await using var client = new NetMqSockets("client");
        var network = new SocketNetwork();
        await Task.Run(() => body(new LoopbackPlatform("server", network, server), new LoopbackPlatform("client", network, client)))
            .WaitAsync(TimeSpan.FromSeconds(60));
    }
}
