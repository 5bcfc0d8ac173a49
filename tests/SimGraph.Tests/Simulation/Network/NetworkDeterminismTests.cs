using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation.Network;

public sealed class NetworkDeterminismTests
{
    [Fact]
    public void Equal_seeds_give_equal_runs_and_different_seeds_different_ones()
    {
        var hashes = new HashSet<ulong>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            RunResult first = RunTraffic(seed, NetworkFaultOptions.Brutal);
            RunResult second = RunTraffic(seed, NetworkFaultOptions.Brutal);
            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Steps, second.Steps);
            Assert.True(hashes.Add(first.Hash));
        }
    }

    [Fact]
    public void Without_faults_only_latency_and_schedule_are_drawn()
    {
        var choices = new CountingChoices(new SeededChoices(1));
        RunTraffic(1, NetworkFaultOptions.None, choices);
        Assert.Equal(["network.latency", "schedule", "schedule.due"], choices.Sites.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_of_fault_fires_in_a_campaign_and_no_stream_is_ever_corrupted()
    {
        var fired = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 0; seed < 60; seed++)
        {
            RunResult result = RunTraffic(seed, NetworkFaultOptions.Brutal);
            fired.UnionWith(result.Faults.Keys);
        }

        Assert.Equal(
            [
                "network.clog", "network.connect-hang", "network.connect-refused", "network.give-up", "network.half-open", "network.partial-read",
                "network.reset", "network.segmentation", "network.silence", "network.slow-link", "network.stall",
            ],
            fired);
    }

    [Fact]
    public void Connections_overtake_each_other()
    {
        var orders = new HashSet<int>();
        for (ulong seed = 0; seed < 30; seed++)
        {
            NetworkRun.Run(
                NetworkFaultOptions.None,
                async run =>
                {
                    IConnection secondNear = (await run.TryConnectAsync(1))!;
                    IConnection secondFar = await run.Listener.AcceptAsync(CancellationToken.None);
                    Task<int> first = run.Far.ReadAsync(new byte[1], CancellationToken.None).AsTask();
                    Task<int> second = secondFar.ReadAsync(new byte[1], CancellationToken.None).AsTask();
                    await run.Near.WriteAsync(new byte[1], CancellationToken.None);
                    await secondNear.WriteAsync(new byte[1], CancellationToken.None);
                    orders.Add(await Task.WhenAny(first, second) == first ? 1 : 2);
                },
                seed,
                new NetworkOptions());
        }

        Assert.Equal(2, orders.Count);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new NetworkOptions { WindowBytes = 1 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new NetworkFaultOptions { StallPartsPerMillion = -1 }.Validate());
        Assert.ThrowsAny<ArgumentException>(
            () => new NetworkFaultOptions { StallPartsPerMillion = 600_000, ResetPartsPerMillion = 600_000 }.Validate());
        Assert.ThrowsAny<ArgumentException>(() => new NetworkFaultOptions { StallMin = TimeSpan.FromSeconds(9) }.Validate());
        NetworkFaultOptions.None.Validate();
        NetworkFaultOptions.Lite.Validate();
        NetworkFaultOptions.Brutal.Validate();
        new NetworkOptions().Validate();
    }

    /// <summary>Clients that send numbered bytes and check their echo, and connect again when something fails; every wait has a limit.</summary>
    private static RunResult RunTraffic(ulong seed, NetworkFaultOptions faults, IChoiceSource? choices = null)
    {
        RunResult result = Worlds.Run(
            seed,
            async (world, harness) =>
            {
                Machine server = world.AddMachine("server", new MachineOptions());
                server.Boot(ServeAsync);
                var clients = new List<Machine>();
                for (int i = 0; i < 3; i++)
                {
                    Machine client = world.AddMachine($"client-{i}", new MachineOptions());
                    client.Boot(CallAsync);
                    clients.Add(client);
                }

                await harness.Clock.DelayAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
                foreach (Machine client in clients)
                {
                    await client.StopAsync(Worlds.StopLimit);
                }

                await server.StopAsync(Worlds.StopLimit);
            },
            options => options with { Network = new NetworkOptions { Faults = faults }, Choices = choices });
        Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        return result;
    }

    private static async Task ServeAsync(IPlatform platform, CancellationToken stop)
    {
        await using IListener listener = await platform.Network.ListenAsync(new NetworkAddress("*", 1), CancellationToken.None);
        await using var scope = new TaskScope(platform.Tasks, "echo");
        try
        {
            while (true)
            {
                IConnection connection = await listener.AcceptAsync(stop);
                scope.Run("connection", ct => EchoAsync(connection, ct));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task EchoAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            try
            {
                var buffer = new byte[4096];
                while (await connection.ReadAsync(buffer, cancellationToken) is > 0 and int read)
                {
                    await connection.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
            catch (NetworkException)
            {
            }
        }
    }

    private static async Task CallAsync(IPlatform platform, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var limit = Deadline.After(platform.Clock, TimeSpan.FromSeconds(3), stop);
                await using IConnection connection = await platform.Network.ConnectAsync(new NetworkAddress("server", 1), limit.Token);
                await CallOnAsync(platform, connection, stop);
            }
            catch (Exception failure) when (failure is NetworkException or OperationCanceledException)
            {
            }

            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }

    private static async Task CallOnAsync(IPlatform platform, IConnection connection, CancellationToken stop)
    {
        byte next = 0;
        byte expected = 0;
        var message = new byte[300];
        var buffer = new byte[1000];
        while (true)
        {
            using var limit = Deadline.After(platform.Clock, TimeSpan.FromSeconds(20), stop);
            for (int i = 0; i < message.Length; i++)
            {
                message[i] = next++;
            }

            await connection.WriteAsync(message, limit.Token);
            for (int filled = 0; filled < message.Length;)
            {
                int read = await connection.ReadAsync(buffer, limit.Token);
                if (read == 0)
                {
                    return;
                }

                for (int i = 0; i < read; i++)
                {
                    Assert.Equal(expected++, buffer[i]);
                }

                filled += read;
            }

            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private sealed class CountingChoices(IChoiceSource inner) : IChoiceSource
    {
        public HashSet<string> Sites { get; } = new(StringComparer.Ordinal);

        public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
        {
            Sites.Add(site.Name);
            return inner.Next(site, machine, ordinal, bound);
        }
    }
}
