using System.Net;
using System.Net.Sockets;
using SimGraph.RealCluster.Proxy;
using Xunit;

namespace SimGraph.Tests.RealCluster;

/// <summary>Each fault of the proxy really happens, in its direction only.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly IReadOnlyList<int> _ports = LoopbackPorts.Free(2);
    private readonly FaultProxy _proxy;
    private readonly Socket _listener;

    public FaultProxyTests()
    {
        _listener = LoopbackPorts.TryListen(_ports[1])!;
        _proxy = new FaultProxy(_ports);
    }

    [Fact]
    public async Task A_cut_holds_bytes_back_in_one_direction_until_it_is_healed()
    {
        (Socket one, Socket two) = await ConnectAsync();
        _proxy.Between(1, 2).Cut();
        await SendAsync(one, 7);
        await SendAsync(two, 9);

        // What came the other way shows that the proxy is at work.
        Assert.Equal(9, await ReceiveAsync(one));
        Assert.Equal(0, two.Available);

        _proxy.HealAll();
        Assert.Equal(7, await ReceiveAsync(two));
    }

    [Fact]
    public async Task A_connection_that_is_dialled_through_a_cut_is_made_when_it_is_healed()
    {
        // The answer to the dialling would have to pass.
        _proxy.Between(2, 1).Cut();
        using var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await one.ConnectAsync(IPAddress.Loopback, _proxy.PortOf(1, 2), TestContext.Current.CancellationToken);
        Assert.False(_listener.Poll(0, SelectMode.SelectRead));

        _proxy.Between(2, 1).Heal();
        using Socket two = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Delays_and_clogs_lose_nothing_and_keep_the_order()
    {
        (Socket one, Socket two) = await ConnectAsync();
        _proxy.Between(1, 2).Delay(TimeSpan.FromMilliseconds(5));
        _proxy.Between(1, 2).Clog(10_000);
        for (byte i = 0; i < 20; i++)
        {
            await SendAsync(one, i);
        }

        for (byte i = 0; i < 20; i++)
        {
            Assert.Equal(i, await ReceiveAsync(two));
        }
    }

    [Fact]
    public async Task A_reset_breaks_both_ends_and_the_next_connection_is_whole()
    {
        (Socket one, Socket two) = await ConnectAsync();
        _proxy.Reset(1, 2);

        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(one));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(two));

        (Socket third, Socket fourth) = await ConnectAsync();
        await SendAsync(third, 1);
        Assert.Equal(1, await ReceiveAsync(fourth));
    }

    [Fact]
    public async Task An_end_that_is_closed_is_closed_at_the_other_side()
    {
        (Socket one, Socket two) = await ConnectAsync();
        await SendAsync(one, 5);
        one.Shutdown(SocketShutdown.Send);

        Assert.Equal(5, await ReceiveAsync(two));
        Assert.Equal(0, await two.ReceiveAsync(new byte[1], SocketFlags.None, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _listener.Dispose();
    }

    private async Task<(Socket One, Socket Two)> ConnectAsync()
    {
        var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await one.ConnectAsync(IPAddress.Loopback, _proxy.PortOf(1, 2), TestContext.Current.CancellationToken);
        return (one, await _listener.AcceptAsync(TestContext.Current.CancellationToken));
    }

    private static async Task SendAsync(Socket socket, byte value) =>
        await socket.SendAsync(new byte[] { value }, SocketFlags.None, TestContext.Current.CancellationToken);

    private static async Task<byte> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[1];
        Assert.Equal(1, await socket.ReceiveAsync(buffer, SocketFlags.None, TestContext.Current.CancellationToken));
        return buffer[0];
    }
}
