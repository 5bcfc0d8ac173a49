// What the life of a machine means to its peers on the network.

using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation.Network;

public sealed class MachineNetworkTests
{
    [Fact]
    public void A_killed_process_ends_its_peers_reads_by_a_reset_or_an_end_and_its_port_refuses()
    {
        int resets = 0;
        const int Seeds = 20;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            NetworkRun.Run(
                NetworkFaultOptions.None,
                async run =>
                {
                    Task<int?> reading = run.ReadAsync(run.Near, new byte[8], 10);
                    run.Server.Crash();
                    try
                    {
                        Assert.Equal(0, await reading);
                    }
                    catch (NetworkException failure)
                    {
                        Assert.Equal(NetworkError.Reset, failure.Error);
                        resets++;
                    }

                    NetworkException refused = await Assert.ThrowsAsync<NetworkException>(() => run.TryConnectAsync(10));
                    Assert.Equal(NetworkError.Refused, refused.Error);
                },
                seed);
        }

        Assert.InRange(resets, 1, Seeds - 1);
    }

    [Fact]
    public void A_killed_process_that_had_not_read_everything_resets_its_peers() => NetworkRun.Run(NetworkFaultOptions.None, async run =>
    {
        await run.Near.WriteAsync(new byte[5], CancellationToken.None);
        await run.PassAsync(1);
        run.Server.Crash();
        await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Near, new byte[8], 10));
    });

    [Fact]
    public void After_a_power_loss_a_peer_that_waits_for_a_reset_waits_for_ever() => NetworkRun.Run(NetworkFaultOptions.None, async run =>
    {
        run.Server.PowerLoss();
        Assert.Null(await run.ReadAsync(run.Near, new byte[8], 3600));
        Assert.Null(await run.TryConnectAsync(60));
        await NetworkRun.BootAsync(run.Server);
        Assert.Null(await run.ReadAsync(run.Near, new byte[8], 3600));

        // The new kernel knows no such connection, and says so when it hears of it.
        await run.Near.WriteAsync(new byte[1], CancellationToken.None);
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Near, new byte[8], 10));
        Assert.Equal(NetworkError.Reset, failure.Error);
    });

    [Fact]
    public void A_peer_that_sends_to_a_machine_without_power_is_reset_when_it_gives_up()
    {
        RunResult result = NetworkRun.Run(NetworkFaultOptions.None, async run =>
        {
            run.Server.PowerLoss();
            await run.Near.WriteAsync(new byte[1], CancellationToken.None);
            Assert.Null(await run.ReadAsync(run.Near, new byte[8], 9));
            await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Near, new byte[8], 200));
        });
        Assert.Equal(1, result.Faults["network.give-up"]);
    }

    [Fact]
    public void Bytes_sent_while_a_machine_was_without_power_are_answered_by_a_reset_after_its_boot() => NetworkRun.Run(
        NetworkFaultOptions.None,
        async run =>
        {
            run.Server.PowerLoss();
            await run.Near.WriteAsync(new byte[1], CancellationToken.None);
            await run.PassAsync(1);
            await NetworkRun.BootAsync(run.Server);
            await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Near, new byte[8], 5));
        });

    [Fact]
    public void A_machine_that_was_never_booted_does_not_answer() => NetworkRun.Run(NetworkFaultOptions.None, async run =>
    {
        Machine off = run.World.AddMachine("off", new MachineOptions());
        ValueTask<IConnection> connecting = run.ClientPlatform.Network.ConnectAsync(new NetworkAddress("off", 1), CancellationToken.None);
        await run.PassAsync(20);
        Assert.False(connecting.IsCompleted);
        IPlatform booted = await NetworkRun.BootAsync(off);
        await using IListener listener = await booted.Network.ListenAsync(new NetworkAddress("off", 1), CancellationToken.None);
        await using IConnection connection = await connecting;
    });

    [Fact]
    public void A_paused_machines_kernel_accepts_and_buffers_and_its_process_finds_all_after_the_resume() => NetworkRun.Run(
        NetworkFaultOptions.None,
        async run =>
        {
            var received = new List<int>();
            run.Server.Pause();
            IConnection second = (await run.TryConnectAsync(1))!;
            await second.WriteAsync(new byte[] { 5 }, CancellationToken.None);
            Task writing = run.Near.WriteAsync(new byte[200_000], CancellationToken.None).AsTask();
            await run.PassAsync(600);
            Assert.False(writing.IsCompleted);
            run.Server.Resume();
            IConnection accepted = await run.Listener.AcceptAsync(CancellationToken.None);
            Assert.Equal(1, await run.ReadAsync(accepted, new byte[8], 1));
            for (int read = 0; read < 200_000;)
            {
                read += (await run.ReadAsync(run.Far, new byte[200_000], 1))!.Value;
            }

            await writing;
        });

    [Fact]
    public void A_server_killed_at_any_moment_of_a_handshake_leaves_no_client_hanging()
    {
        for (int microseconds = 100; microseconds < 4000; microseconds += 300)
        {
            NetworkRun.Run(NetworkFaultOptions.None, async run =>
            {
                Task<IConnection?> connecting = run.TryConnectAsync(10);
                await run.PassAsync(microseconds / 1e6);
                run.Server.Crash();
                try
                {
                    IConnection? connection = await connecting;
                    Assert.NotNull(connection);
                    Assert.Equal(0, await run.ReadAsync(connection, new byte[1], 10));
                }
                catch (NetworkException failure)
                {
                    Assert.True(failure.Error is NetworkError.Reset or NetworkError.Refused);
                }
            });
        }
    }

    [Fact]
    public void A_client_killed_at_any_moment_of_a_handshake_leaves_no_connection_that_hangs_and_gives_its_place_in_the_backlog_back()
    {
        for (int microseconds = 100; microseconds < 4000; microseconds += 300)
        {
            NetworkRun.Run(
                NetworkFaultOptions.None,
                async run =>
                {
                    _ = run.ClientPlatform.Network.ConnectAsync(run.Listener.LocalAddress, CancellationToken.None).AsTask();
                    await run.PassAsync(microseconds / 1e6);
                    run.Client.Crash();
                    await run.PassAsync(1);
                    IPlatform client = await NetworkRun.BootAsync(run.Client);
                    Task<IConnection> next = client.Network.ConnectAsync(run.Listener.LocalAddress, CancellationToken.None).AsTask();
                    IConnection accepted = await run.Listener.AcceptAsync(CancellationToken.None);
                    IConnection near = await next;
                    if (accepted.RemoteAddress != near.LocalAddress)
                    {
                        await Record.ExceptionAsync(async () => Assert.Equal(0, await run.ReadAsync(accepted, new byte[1], 1)));
                        accepted = await run.Listener.AcceptAsync(CancellationToken.None);
                    }

                    Assert.Equal(near.LocalAddress, accepted.RemoteAddress);
                },
                network: NetworkRun.Exact with { BacklogConnections = 1 });
        }
    }

    [Fact]
    public void A_client_without_power_gives_its_place_in_the_backlog_back_in_time() => NetworkRun.Run(
        NetworkFaultOptions.None,
        async run =>
        {
            IPlatform other = await NetworkRun.BootAsync(run.World.AddMachine("other", new MachineOptions()));
            _ = run.ClientPlatform.Network.ConnectAsync(run.Listener.LocalAddress, CancellationToken.None).AsTask();
            await run.PassAsync(0.0015);
            run.Client.PowerLoss();
            Task<IConnection> connecting = other.Network.ConnectAsync(run.Listener.LocalAddress, CancellationToken.None).AsTask();
            await run.PassAsync(30);
            Assert.False(connecting.IsCompleted);
            await run.PassAsync(70);
            Assert.True(connecting.IsCompleted);
        },
        network: NetworkRun.Exact with { BacklogConnections = 1 });

    [Fact]
    public void A_machine_without_power_retransmits_nothing() => NetworkRun.Run(NetworkFaultOptions.None, async run =>
    {
        run.Network.Partition(run.Client, run.Server);
        await run.Near.WriteAsync(new byte[5], CancellationToken.None);
        await run.Near.DisposeAsync();
        run.Client.PowerLoss();
        await run.PassAsync(1);
        run.Network.HealAll();
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 3600));
    });
}
