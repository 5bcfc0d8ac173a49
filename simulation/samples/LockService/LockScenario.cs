using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;

namespace LockService;

/// <summary>Two clients increment one counter on a bad network. No two of them may be told that they made it the same number.</summary>
public sealed class LockScenario(bool fencing) : IScenario
{
    public string Name => "lock-service";
    public string Description => "two clients increment a counter under a lock";
    public IReadOnlyList<string> RequiredProbes => ["lock.taken"];

    public ScenarioOutcome Run(ScenarioRequest request)
    {
        WorldOptions options = request.ToWorldOptions() with { Network = new NetworkOptions { Faults = NetworkFaultOptions.Lite } };
        return new ScenarioOutcome(new World(options).Run((world, _) => PlayAsync(world)), []);
    }

    private async Task PlayAsync(World world)
    {
        Machine server = world.AddMachine("server", new MachineOptions());
        server.Boot((platform, stop) => new LockServer(platform, fencing).RunAsync(stop));
        var confirmed = new HashSet<byte>();
        Machine[] clients = [world.AddMachine("alice", new MachineOptions()), world.AddMachine("bob", new MachineOptions())];
        await Join.AllAsync([.. clients.Select(m => m.Boot((platform, stop) => IncrementAsync(world, platform, confirmed, stop)).Exited)]);
        await server.StopAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task IncrementAsync(World world, IPlatform platform, HashSet<byte> confirmed, CancellationToken stop)
    {
        byte[] value = new byte[1];
        for (int attempt = 0; attempt < 100; attempt++)
        {
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(20), stop);
            try
            {
                using var deadline = Deadline.After(platform.Clock, TimeSpan.FromSeconds(5), stop);
                await using IConnection server = await platform.Network.ConnectAsync(LockServer.Address, deadline.Token);
                bool isLent = await server.ReadAsync(value, deadline.Token) == 1;
                platform.Probes.Sometimes(!isLent, "lock.taken");
                if (isLent)
                {
                    platform.Logging.CreateLogger("client").LogInformation("got {Value}", value[0]);
                    value[0]++;
                    await server.WriteAsync(value, deadline.Token);
                    if (await server.ReadAsync(value, deadline.Token) == 1 && !confirmed.Add(value[0]))
                    {
                        world.Fail(ViolationClass.Safety, "lock.lost-increment", $"two clients made the counter {value[0]}");
                    }
                }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                // Broken or too slow: whether the counter has changed is unknown.
            }
        }
    }
}
