using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Simulation;

/// <summary>A scenario from a delegate.</summary>
internal sealed class ExplorationScenario(string name, Func<World, IPlatform, Task> body, params string[] requiredProbes) : IScenario
{
    public string Name => name;

    public string Description => $"for tests: {name}";

    public IReadOnlyList<string> RequiredProbes => requiredProbes;

    public ScenarioOutcome Run(ScenarioRequest request) => new(
        new World(request.ToWorldOptions() with { StepsMax = long.MaxValue }).Run(body),
        [new KeyValuePair<string, string>("profile", request.Profile)]);

    /// <summary>Holds always; counts, injects and probes something that depends on the seed.</summary>
    public static ExplorationScenario Sound() => new(
        "sound",
        async (world, platform) =>
        {
            long size = 10 + (await RaceAsync(world, platform) * 10);
            world.Count("cluster.commits", size);
            world.CountFault(size > 20 ? "test.large" : "test.small");
            platform.Probes.Sometimes(size > 20, "test.large");
            platform.Probes.Sometimes(false, "test.impossible");
        },
        "test.large");

    /// <summary>An update is lost when two tasks read before either writes.</summary>
    public static ExplorationScenario LostUpdate() => new(
        "lost-update",
        async (world, platform) => platform.Probes.Always(await RaceAsync(world, platform) == 2, "test.lost-update"));

    public static ExplorationScenario Failing(ViolationClass violationClass) => new(
        "failing",
        async (world, platform) =>
        {
            await RaceAsync(world, platform);
            world.Fail(violationClass, "test.failing", "fails always\nand says so in two lines");
        });

    /// <summary>Two tasks add one each, with a step between reading and writing: 2 or, in a bad schedule, 1.</summary>
    public static async Task<long> RaceAsync(World world, IPlatform platform)
    {
        long value = 0;
        var scope = new TaskScope(platform.Tasks, "race");
        var adders = new Task[2];
        for (int i = 0; i < adders.Length; i++)
        {
            adders[i] = scope.Run($"adder-{i}", async _ =>
            {
                await Task.Yield();
                long read = value;
                world.Trace.Emit(global::SimGraph.Simulation.Trace.TraceKind.Client, null, read);
                await Task.Yield();
                value = read + 1;
            }).Completion;
        }

        await Join.AllAsync(adders);
        await scope.StopAsync();
        return value;
    }
}
