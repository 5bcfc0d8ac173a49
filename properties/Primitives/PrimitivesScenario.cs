// What every component of the system is built on, tried against models that know the answer of every call: scopes, mailboxes, signals, locks, and what joins and links them. No component uses
// all that they promise (a stop that is too late, an order that is taken back just when it is granted), so a mistake in them may pass every run of everything else.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>Random use of the runtime's primitives, beside their models.</summary>
public sealed class PrimitivesScenario : IScenario
{
    /// <inheritdoc/>
    public string Name => "primitives";

    /// <inheritdoc/>
    public string Description => "Task scopes, mailboxes, signals and locks, used at random and compared with models of them: no network, no disk, no crash.";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } =
        [ScopeTrial.LateProbe, MailboxTrial.WithdrawnProbe, LockTrial.LateProbe, SignalTrial.RememberedProbe];

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        var world = new World(request.ToWorldOptions() with { VirtualTimeMax = TimeSpan.FromHours(1) });
        ChoiceSite plan = world.Site("primitives.plan");
        int rounds = 1 + (int)world.Choose(plan, world.Harness, 4);
        bool paused = request.Profile != Profiles.Performance && world.Choose(plan, world.Harness, 3) == 2;
        RunResult result = world.Run(async (_, harness) =>
        {
            Machine machine = world.AddMachine("user", new MachineOptions());
            Incarnation process = machine.Boot((platform, _) => UseAsync(world, machine, platform, rounds, paused));
            ChoiceSite when = world.Site("primitives.pause");
            while (paused && machine.IsOn)
            {
                await harness.Clock.DelayAsync(TimeSpan.FromMilliseconds(1 + world.Choose(when, world.Harness, 10)), CancellationToken.None);
                world.CountFault("machine.pause");
                machine.Pause();
                await harness.Clock.DelayAsync(TimeSpan.FromMilliseconds(1 + world.Choose(when, world.Harness, 10)), CancellationToken.None);
                machine.Resume();
            }

            await process.Exited;
        });
        return new ScenarioOutcome(
            result,
            [
                new KeyValuePair<string, string>("rounds", rounds.ToString(CultureInfo.InvariantCulture)),
                new KeyValuePair<string, string>("paused", paused ? "yes" : "no"),
            ]);
    }

    private static async Task UseAsync(World world, Machine machine, IPlatform platform, int rounds, bool paused)
    {
        // A pause makes a limit that passes, and what it would have forestalled, ready at the same time: only the model of scopes leaves open which is first.
        PrimitiveTrial[] trials = paused ? [new ScopeTrial(world, machine, platform, isPunctual: false)] :
        [
            new ScopeTrial(world, machine, platform, isPunctual: true), new MailboxTrial(world, machine, platform), new SignalTrial(world, machine, platform),
            new LockTrial(world, machine, platform), new EndSignalTrial(world, machine, platform), new JoinTrial(world, machine, platform),
            new LinkTrial(world, machine, platform),
        ];
        for (int round = 0; round < rounds; round++)
        {
            foreach (PrimitiveTrial trial in trials)
            {
                await trial.RunAsync();
                world.Count("primitives.trials");
            }
        }
    }
}
