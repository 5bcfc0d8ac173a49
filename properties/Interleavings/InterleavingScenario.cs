using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Interleavings;

/// <summary>One program, or its repaired twin, on one machine without faults.</summary>
internal sealed class InterleavingScenario(Interleaving program, bool repaired) : IScenario
{
    /// <summary>Many times what the longest of them takes.</summary>
    private const long StepsMost = 10_000;

    /// <inheritdoc/>
    public string Name => $"interleavings-{program.Name}{(repaired ? "-repaired" : string.Empty)}";

    /// <inheritdoc/>
    public string Description => repaired
        ? $"The repaired twin of interleavings-{program.Name}: holds in every order."
        : $"FAILS by design, for strategies to find (depth {program.Depth}): {program.Description}";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes => [];

    /// <summary>The program's depth.</summary>
    public int Depth => program.Depth;

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        var world = new World(request.ToWorldOptions() with { StepsMax = StepsMost });
        RunResult result = world.Run(async (_, _) =>
        {
            Machine machine = world.AddMachine("node", new MachineOptions());
            await machine.Boot(async (platform, _) =>
            {
                await using var tasks = new InterleavedTasks(platform, program.Name);
                Func<bool> holdsAtEnd = program.Start(tasks, repaired);
                await tasks.JoinAsync();
                tasks.Check(holdsAtEnd());
            }).Exited;
        });
        return new ScenarioOutcome(result, [new KeyValuePair<string, string>("depth", program.Depth.ToString(CultureInfo.InvariantCulture))]);
    }
}
