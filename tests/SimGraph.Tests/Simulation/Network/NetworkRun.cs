using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation.Network;

/// <summary>A scenario with a server, a client and a connection between them.</summary>
internal sealed class NetworkRun
{
    public const int Port = 7000;

    /// <summary>No jitter and no tail: what takes longer was made to.</summary>
    public static readonly NetworkOptions Exact = new()
    {
        LatencyBase = TimeSpan.FromMilliseconds(1),
        LatencyJitter = TimeSpan.Zero,
        LatencyTail = TimeSpan.Zero,
    };

    private NetworkRun(World world, IPlatform harness)
    {
        World = world;
        Harness = harness;
    }

    public World World { get; }

    public IPlatform Harness { get; }

    public SimulatedNetwork Network => World.Network;

    public Machine Server { get; private set; } = null!;

    public Machine Client { get; private set; } = null!;

    public IPlatform ServerPlatform { get; private set; } = null!;

    public IPlatform ClientPlatform { get; private set; } = null!;

    public IListener Listener { get; private set; } = null!;

    /// <summary>The client's end.</summary>
    public IConnection Near { get; private set; } = null!;

    /// <summary>The server's end.</summary>
    public IConnection Far { get; private set; } = null!;

    /// <summary>Runs a scenario with the faults given, which begin once server and client are connected; it must end without a violation.</summary>
    public static RunResult Run(NetworkFaultOptions faults, Func<NetworkRun, Task> body, ulong seed = 1, NetworkOptions? network = null)
    {
        RunResult result = Worlds.Run(
            seed,
            async (world, harness) =>
            {
                var run = new NetworkRun(world, harness);
                await run.BootAsync();
                await run.ConnectAsync();
                world.Network.FaultOptions = faults;
                await body(run);
            },
            options => options with { Network = network ?? Exact });
        Assert.True(result.Violation is null, result.Violation?.ToString());
        return result;
    }

    public static async Task<IPlatform> BootAsync(Machine machine)
    {
        var booted = new TaskCompletionSource<IPlatform>(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Boot((platform, stop) =>
        {
            booted.SetResult(platform);
            return Worlds.UntilStoppedAsync(stop);
        });
        return await booted.Task;
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task PassAsync(double seconds) => Harness.Clock.DelayAsync(TimeSpan.FromSeconds(seconds), CancellationToken.None);

    /// <summary>A read that is given up after a time; null then.</summary>
    public async Task<int?> ReadAsync(IConnection connection, Memory<byte> buffer, double seconds)
    {
        using var limit = Deadline.After(Harness.Clock, TimeSpan.FromSeconds(seconds), CancellationToken.None);
        try
        {
            return await connection.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A connect of the client to the server's port that is given up after a time; null then.</summary>
    public async Task<IConnection?> TryConnectAsync(double seconds)
    {
        using var limit = Deadline.After(Harness.Clock, TimeSpan.FromSeconds(seconds), CancellationToken.None);
        try
        {
            return await ClientPlatform.Network.ConnectAsync(new NetworkAddress("server", Port), limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task BootAsync()
    {
        Server = World.AddMachine("server", new MachineOptions());
        Client = World.AddMachine("client", new MachineOptions());
        ServerPlatform = await BootAsync(Server);
        ClientPlatform = await BootAsync(Client);
    }

    private async Task ConnectAsync()
    {
        Listener = await ServerPlatform.Network.ListenAsync(new NetworkAddress("*", Port), CancellationToken.None);
        ValueTask<IConnection> connecting = ClientPlatform.Network.ConnectAsync(new NetworkAddress("server", Port), CancellationToken.None);
        Far = await Listener.AcceptAsync(CancellationToken.None);
        Near = await connecting;
    }
}
