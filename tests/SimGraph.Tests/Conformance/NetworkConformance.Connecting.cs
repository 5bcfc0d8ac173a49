using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

public abstract partial class NetworkConformance
{
    [Fact]
    public Task A_connect_to_a_port_without_a_listener_is_refused() => RunAsync(async (server, client) =>
    {
        NetworkAddress address;
        await using (IListener listener = await ListenAsync(server))
        {
            address = listener.LocalAddress;
        }

        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await client.Network.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(NetworkError.Refused, failure.Error);
    });

    [Fact]
    public Task A_connect_to_a_name_that_does_not_resolve_is_unreachable() => RunAsync(async (_, client) =>
    {
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await client.Network.ConnectAsync(new NetworkAddress("no-such-host.invalid", 1), CancellationToken.None));
        Assert.Equal(NetworkError.Unreachable, failure.Error);
    });

    [Fact]
    public Task A_connect_with_a_cancelled_token_is_cancelled() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await client.Network.ConnectAsync(listener.LocalAddress, new CancellationToken(canceled: true)));
    });

    [Fact]
    public Task A_connect_cancelled_while_it_is_under_way_leaves_at_most_a_connection_that_ends() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        using var giveUp = new CancellationTokenSource();
        ValueTask<IConnection> connecting = client.Network.ConnectAsync(listener.LocalAddress, giveUp.Token);
        giveUp.Cancel();
        try
        {
            await (await connecting).DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // Whether the connect was quicker is the kernel's business.
        }

        // If the peer saw it at all, it sees it end; and the listener serves the next one.
        ValueTask<IConnection> next = client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
        await using IConnection first = await listener.AcceptAsync(CancellationToken.None);
        await using IConnection near = await next;
        if (first.RemoteAddress.Port != near.LocalAddress.Port)
        {
            await Record.ExceptionAsync(async () => Assert.Equal(0, await first.ReadAsync(new byte[1], CancellationToken.None)));
            await using IConnection second = await listener.AcceptAsync(CancellationToken.None);
            Assert.Equal(near.LocalAddress.Port, second.RemoteAddress.Port);
        }
    });

    [Fact]
    public Task A_full_backlog_makes_connects_wait_until_they_are_cancelled_or_somebody_accepts() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        var queued = new List<IConnection>();
        try
        {
            bool waited = false;
            while (!waited)
            {
                Assert.True(queued.Count < Backlog * 4 + 16, "the backlog has no bound");
                using var limit = Deadline.After(client.Clock, Patience, CancellationToken.None);
                try
                {
                    queued.Add(await client.Network.ConnectAsync(listener.LocalAddress, limit.Token));
                }
                catch (OperationCanceledException)
                {
                    waited = true;
                }
            }

            Assert.True(queued.Count >= Backlog, "fewer connections than the backlog were taken");
            ValueTask<IConnection> late = client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
            for (int i = 0; i < queued.Count; i++)
            {
                await (await listener.AcceptAsync(CancellationToken.None)).DisposeAsync();
            }

            queued.Add(await late);
        }
        finally
        {
            foreach (IConnection connection in queued)
            {
                await connection.DisposeAsync();
            }
        }
    });

    [Fact]
    public Task Connections_made_before_the_accept_are_handed_out_with_their_bytes() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        await using IConnection near = await client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
        byte[] sent = Pattern(100, 30);
        await near.WriteAsync(sent, CancellationToken.None);
        near.CompleteWrites();
        await using IConnection far = await listener.AcceptAsync(CancellationToken.None);
        Assert.Equal(sent, await ReadToEndAsync(far));
    });

    [Fact]
    public Task A_listener_takes_any_number_of_connections() => RunAsync(async (server, client) =>
    {
        const int Connections = 50;
        await using IListener listener = await ListenAsync(server);
        await using var serverTasks = new TaskScope(server.Tasks, "server");
        await using var clientTasks = new TaskScope(client.Tasks, "client");
        serverTasks.Run("accept", async ct =>
        {
            while (true)
            {
                IConnection accepted = await listener.AcceptAsync(ct);
                serverTasks.Run("echo", async _ =>
                {
                    await using (accepted)
                    {
                        await accepted.WriteAsync(await ReadToEndAsync(accepted), CancellationToken.None);
                        accepted.CompleteWrites();
                    }
                });
            }
        });
        var callers = new List<ScopedTask>();
        for (int i = 0; i < Connections; i++)
        {
            byte[] sent = Pattern(500 + i, i);
            callers.Add(clientTasks.Run("call", async ct =>
            {
                await using IConnection near = await client.Network.ConnectAsync(listener.LocalAddress, ct);
                await near.WriteAsync(sent, ct);
                near.CompleteWrites();
                Assert.Equal(sent, await ReadToEndAsync(near));
            }));
        }

        foreach (ScopedTask caller in callers)
        {
            await caller.Completion;
            Assert.Null(caller.Failure);
        }
    });

    [Fact]
    public Task Port_zero_gives_every_listener_a_port_of_its_own() => RunAsync(async (server, _) =>
    {
        await using IListener first = await ListenAsync(server);
        await using IListener second = await ListenAsync(server);
        Assert.InRange(first.LocalAddress.Port, 1, 65535);
        Assert.InRange(second.LocalAddress.Port, 1, 65535);
        Assert.NotEqual(first.LocalAddress.Port, second.LocalAddress.Port);
        Assert.Equal(HostOf(server), first.LocalAddress.Host);
    });

    [Fact]
    public Task A_second_listener_at_an_address_in_use_is_refused() => RunAsync(async (server, _) =>
    {
        await using IListener first = await ListenAsync(server);
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await server.Network.ListenAsync(first.LocalAddress, CancellationToken.None));
        Assert.Equal(NetworkError.AddressInUse, failure.Error);
    });

    [Fact]
    public Task A_disposed_listeners_address_can_be_taken_again_although_a_connection_of_it_lives() => RunAsync(async (server, client) =>
    {
        IListener first = await ListenAsync(server);
        ValueTask<IConnection> connecting = client.Network.ConnectAsync(first.LocalAddress, CancellationToken.None);
        await using IConnection far = await first.AcceptAsync(CancellationToken.None);
        await using IConnection near = await connecting;
        await first.DisposeAsync();
        await using IListener second = await server.Network.ListenAsync(first.LocalAddress, CancellationToken.None);
        await near.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        Assert.Equal([1], await ReadExactlyAsync(far, 1));
    });

    [Fact]
    public Task Listening_at_an_address_of_no_interface_fails() => RunAsync(async (server, _) =>
    {
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await server.Network.ListenAsync(new NetworkAddress("192.0.2.1", 0), CancellationToken.None));
        Assert.Equal(NetworkError.AddressInUse, failure.Error);
    });

    [Fact]
    public Task Disposing_a_listener_ends_an_accept_that_waits() => RunAsync(async (server, _) =>
    {
        IListener listener = await ListenAsync(server);
        ValueTask<IConnection> accepting = listener.AcceptAsync(CancellationToken.None);
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await accepting);
    });

    [Fact]
    public Task A_disposed_listener_accepts_nothing_and_may_be_disposed_again() => RunAsync(async (server, _) =>
    {
        IListener listener = await ListenAsync(server);
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await listener.AcceptAsync(CancellationToken.None));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Disposing_a_listener_resets_connections_that_nobody_accepted(bool queued) => RunAsync(async (server, client) =>
    {
        IListener listener = await ListenAsync(server);
        await using IConnection near = await client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
        if (queued)
        {
            // The last step of the handshake may still be on its way; later it waits in the backlog.
            await server.Clock.DelayAsync(Patience, CancellationToken.None);
        }

        await listener.DisposeAsync();
        Assert.Equal(NetworkError.Reset, (await ReadUntilFailureAsync(near)).Error);
    });

    [Fact]
    public Task A_cancelled_accept_loses_no_connection() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        for (int i = 0; i < 20; i++)
        {
            using var giveUp = new CancellationTokenSource();
            ValueTask<IConnection> connecting = client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
            ValueTask<IConnection> accepting = listener.AcceptAsync(giveUp.Token);
            giveUp.Cancel();
            IConnection? far = null;
            try
            {
                far = await accepting;
            }
            catch (OperationCanceledException)
            {
                far = await listener.AcceptAsync(CancellationToken.None);
            }

            await using IConnection near = await connecting;
            Assert.Equal(near.LocalAddress.Port, far.RemoteAddress.Port);
            await far.DisposeAsync();
        }
    });

    [Fact]
    public Task Both_ends_know_each_others_addresses() => RunAsync(async (server, client) =>
    {
        await using IListener listener = await ListenAsync(server);
        ValueTask<IConnection> connecting = client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
        await using IConnection far = await listener.AcceptAsync(CancellationToken.None);
        await using IConnection near = await connecting;
        Assert.Equal(listener.LocalAddress, near.RemoteAddress);
        Assert.Equal(listener.LocalAddress, far.LocalAddress);
        Assert.Equal(near.LocalAddress, far.RemoteAddress);
        Assert.Equal(HostOf(client), near.LocalAddress.Host);
        Assert.InRange(near.LocalAddress.Port, 1, 65535);
    });

    private async Task<IListener> ListenAsync(IPlatform platform) =>
        await platform.Network.ListenAsync(new NetworkAddress(HostOf(platform), 0), CancellationToken.None);
}
