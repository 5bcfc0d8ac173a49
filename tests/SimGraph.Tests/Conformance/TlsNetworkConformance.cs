using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;
using SimGraph.Tests.Runtime.Tls;

namespace SimGraph.Tests.Conformance;

/// <summary>The contract of the network seam against TLS over the kernel's loopback.</summary>
public sealed class TlsNetworkConformance : NetworkConformance
{
    protected override int Backlog => 64;

    protected override int LargeTransferBytes => 32 * 1024 * 1024;

    protected override string HostOf(IPlatform platform) => "127.0.0.1";

    protected override Task RunAsync(Func<IPlatform, IPlatform, Task> body) => Task.Run(() => RunWithCertificatesAsync(body)).WaitAsync(TimeSpan.FromSeconds(60));

    private async Task RunWithCertificatesAsync(Func<IPlatform, IPlatform, Task> body)
    {
        using var authority = new TestAuthority();
        TlsNetwork server = await OpenAsync(authority.Issue("server"));
        TlsNetwork client = await OpenAsync(authority.Issue("client"));
        await body(new LoopbackPlatform("server", server), new LoopbackPlatform("client", client));
    }

    private Task<TlsNetwork> OpenAsync(TlsOptions options) => TlsNetwork.OpenAsync(
        new SocketNetwork(Backlog), options with { PendingConnectionsMax = Backlog }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
}
