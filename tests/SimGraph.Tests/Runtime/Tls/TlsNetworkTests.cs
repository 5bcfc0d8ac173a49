// What TLS adds to a network: who is let in, how those are told who are not, how long a handshake may take, and certificates that change. That it stays a network says TlsNetworkConformance.

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;
using Xunit;

namespace SimGraph.Tests.Runtime.Tls;

public sealed class TlsNetworkTests : IDisposable
{
    private static readonly NetworkAddress Anywhere = new("127.0.0.1", 0);
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("stranger");
    private readonly LogLines _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_client_with_a_certificate_of_another_authority_is_refused_and_both_sides_say_why()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server"));
        TlsNetwork client = await OpenAsync(_stranger.Issue("client", trusted: _authority));
        await using IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        NetworkException refused = await Assert.ThrowsAsync<NetworkException>(async () => await client.ConnectAsync(listener.LocalAddress, Cancellation));
        Assert.Equal(NetworkError.Untrusted, refused.Error);
        string line = await _log.WhenAsync("Refused");
        Assert.Contains("CN=client", line, StringComparison.Ordinal);
        await AssertNobodyWaitsAsync(listener);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server"));
        await using IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        using var socket = new TcpClient();
        await socket.ConnectAsync(listener.LocalAddress.Host, listener.LocalAddress.Port, Cancellation);
        await using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: true, static (_, certificate, _, _) => certificate is not null);
        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            await stream.AuthenticateAsClientAsync("127.0.0.1");
            Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        });
        Assert.True(failure is null or IOException or System.Security.Authentication.AuthenticationException, $"{failure}");
        Assert.Contains("there is none", await _log.WhenAsync("Refused"), StringComparison.Ordinal);
        await AssertNobodyWaitsAsync(listener);
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_another_authority_is_not_spoken_to()
    {
        TlsNetwork server = await OpenAsync(_stranger.Issue("server", trusted: _authority));
        await AssertRefusedAsync(server, _authority.Issue("client"), "CN=server");
    }

    [Fact]
    public async Task A_server_whose_certificate_names_another_host_is_not_spoken_to()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server", host: "elsewhere.example"));
        await AssertRefusedAsync(server, _authority.Issue("client"), "does not name the host");
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_refused()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server", days: 1));
        await AssertRefusedAsync(server, _authority.Issue("client"), "CN=server");
    }

    [Fact]
    public async Task A_certificate_that_is_for_clients_only_is_no_servers()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server", forServer: false));
        await AssertRefusedAsync(server, _authority.Issue("client"), "CN=server");
    }

    [Fact]
    public async Task A_plain_client_is_refused_and_a_plain_server_as_well()
    {
        TlsNetwork tls = await OpenAsync(_authority.Issue("one"));
        var plain = new SocketNetwork();
        await using IListener listener = await tls.ListenAsync(Anywhere, Cancellation);
        await using IConnection connection = await plain.ConnectAsync(listener.LocalAddress, Cancellation);
        await connection.WriteAsync("SGR1 and no TLS at all"u8.ToArray(), Cancellation);
        Assert.Contains("no TLS", await _log.WhenAsync("Refused"), StringComparison.Ordinal);

        await using IListener plainListener = await plain.ListenAsync(Anywhere, Cancellation);
        ValueTask<IConnection> accepting = plainListener.AcceptAsync(Cancellation);
        ValueTask<IConnection> connecting = tls.ConnectAsync(plainListener.LocalAddress, Cancellation);
        await using IConnection accepted = await accepting;
        await accepted.WriteAsync("SGR1 and no TLS at all"u8.ToArray(), Cancellation);
        NetworkException refused = await Assert.ThrowsAsync<NetworkException>(async () => await connecting);
        Assert.Equal(NetworkError.Untrusted, refused.Error);
    }

    [Fact]
    public async Task A_handshake_that_stalls_ends_in_time_and_holds_up_nobody()
    {
        TlsOptions options = _authority.Issue("server") with { HandshakeLimit = TimeSpan.FromMilliseconds(500), PendingConnectionsMax = 2 };
        TlsNetwork server = await OpenAsync(options);
        await using IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        await using IConnection silent = await new SocketNetwork().ConnectAsync(listener.LocalAddress, Cancellation);
        TlsNetwork client = await OpenAsync(_authority.Issue("client"));
        await using IConnection near = await client.ConnectAsync(listener.LocalAddress, Cancellation);
        await using IConnection far = await listener.AcceptAsync(Cancellation);
        Assert.Equal(0, await silent.ReadAsync(new byte[1], Cancellation));
        Assert.Contains("within 0.5 s", await _log.WhenAsync("Refused"), StringComparison.Ordinal);

        // The other way round: the server stalls.
        await using IListener mute = await new SocketNetwork().ListenAsync(Anywhere, Cancellation);
        NetworkException late = await Assert.ThrowsAsync<NetworkException>(async () => await server.ConnectAsync(mute.LocalAddress, Cancellation));
        Assert.Equal(NetworkError.Unreachable, late.Error);
    }

    [Fact]
    public async Task Disposing_a_listener_ends_the_handshakes_that_are_under_way()
    {
        TlsNetwork server = await OpenAsync(_authority.Issue("server") with { HandshakeLimit = TimeSpan.FromHours(1) });
        IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        await using IConnection silent = await new SocketNetwork().ConnectAsync(listener.LocalAddress, Cancellation);
        await listener.DisposeAsync();
        Exception? end = await Record.ExceptionAsync(async () => Assert.Equal(0, await silent.ReadAsync(new byte[1], Cancellation)));
        Assert.True(end is null or NetworkException, $"{end}");
    }

    [Fact]
    public async Task New_connections_use_new_certificates_and_old_ones_go_on()
    {
        TlsOptions files = _authority.Issue("server");
        TlsNetwork server = await OpenAsync(files);
        TlsNetwork client = await OpenAsync(_authority.Issue("client"));
        await using IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        await using IConnection oldNear = await client.ConnectAsync(listener.LocalAddress, Cancellation);
        await using IConnection oldFar = await listener.AcceptAsync(Cancellation);

        // Half of a replacement: the key of another certificate.
        TlsOptions other = _authority.Issue("other");
        File.Copy(other.KeyPath, files.KeyPath, overwrite: true);
        await using IConnection between = await client.ConnectAsync(listener.LocalAddress, Cancellation);
        await (await listener.AcceptAsync(Cancellation)).DisposeAsync();
        Assert.Contains("not reloaded", await _log.WhenAsync("not reloaded"), StringComparison.Ordinal);

        // All of it, and with another authority: who has none of its certificates is refused from here on.
        TlsOptions replaced = _stranger.Issue("server");
        File.Copy(replaced.KeyPath, files.KeyPath, overwrite: true);
        File.Copy(replaced.CertificatePath, files.CertificatePath, overwrite: true);
        File.Copy(replaced.AuthorityPath, files.AuthorityPath, overwrite: true);
        TlsNetwork newClient = await OpenAsync(_stranger.Issue("client"));
        await using IConnection near = await newClient.ConnectAsync(listener.LocalAddress, Cancellation);
        await using IConnection far = await listener.AcceptAsync(Cancellation);
        Assert.Contains("reloaded", await _log.WhenAsync("Certificates reloaded"), StringComparison.Ordinal);
        NetworkException refused = await Assert.ThrowsAsync<NetworkException>(async () => await client.ConnectAsync(listener.LocalAddress, Cancellation));
        Assert.Equal(NetworkError.Untrusted, refused.Error);

        await oldNear.WriteAsync(new byte[] { 1, 2, 3 }, Cancellation);
        byte[] received = new byte[8];
        Assert.Equal(3, await oldFar.ReadAsync(received, Cancellation));
        await oldFar.WriteAsync(new byte[] { 4 }, Cancellation);
        Assert.Equal(1, await oldNear.ReadAsync(received, Cancellation));
    }

    [Fact]
    public async Task Files_are_not_looked_at_again_before_the_interval_has_passed()
    {
        var clock = new Storage.Audit.ManualClock();
        TlsOptions files = _authority.Issue("server") with { ReloadInterval = TimeSpan.FromSeconds(10) };
        TlsCertificates certificates = await TlsCertificates.OpenAsync(files, clock, NullLogger.Instance, Cancellation);
        TlsIdentity first = await certificates.CurrentAsync(Cancellation);
        _authority.Issue("server");
        Assert.Same(first, await certificates.CurrentAsync(Cancellation));
        clock.Pass(TimeSpan.FromSeconds(9));
        Assert.Same(first, await certificates.CurrentAsync(Cancellation));
        clock.Pass(TimeSpan.FromSeconds(1));
        TlsIdentity second = await certificates.CurrentAsync(Cancellation);
        Assert.NotSame(first, second);
        clock.Pass(TimeSpan.FromSeconds(10));
        Assert.Same(second, await certificates.CurrentAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_that_do_not_fit_together_are_refused_at_the_start(bool isMissing)
    {
        TlsOptions options = _authority.Issue("server");
        if (isMissing)
        {
            File.Delete(options.KeyPath);
            await Assert.ThrowsAnyAsync<IOException>(() => OpenAsync(options));
        }
        else
        {
            File.Copy(_authority.Issue("other").KeyPath, options.KeyPath, overwrite: true);
            CryptographicException refused = await Assert.ThrowsAsync<CryptographicException>(() => OpenAsync(options));
            Assert.Contains(options.KeyPath, refused.Message, StringComparison.Ordinal);
        }
    }

    private static async Task AssertNobodyWaitsAsync(IListener listener)
    {
        using var giveUp = new CancellationTokenSource();
        ValueTask<IConnection> accepting = listener.AcceptAsync(giveUp.Token);
        giveUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await accepting);
    }

    private async Task AssertRefusedAsync(TlsNetwork server, TlsOptions clientFiles, string reason)
    {
        TlsNetwork client = await OpenAsync(clientFiles);
        await using IListener listener = await server.ListenAsync(Anywhere, Cancellation);
        NetworkException refused = await Assert.ThrowsAsync<NetworkException>(async () => await client.ConnectAsync(listener.LocalAddress, Cancellation));
        Assert.Equal(NetworkError.Untrusted, refused.Error);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private Task<TlsNetwork> OpenAsync(TlsOptions options) => TlsNetwork.OpenAsync(new SocketNetwork(), options, TimeProvider.System, _log, Cancellation);
}
