// The small scenario: a few machines, each with producers and a consumer around a mailbox, some of which crash and come back. It needs no network and no disk, runs in
// a millisecond, and so it is what shows within seconds that the simulator itself is sound on a machine; it is also the shortest example of a scenario.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Mailboxes;

/// <summary>Producers and consumers around mailboxes, on machines that crash.</summary>
public sealed class MailboxScenario : IScenario
{
    private const string FullProbe = "mailboxes.full";
    private const string StoppedFullProbe = "mailboxes.stopped-with-items";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => "mailboxes";

    /// <inheritdoc/>
    public string Description => "Producers and consumers around mailboxes, on machines that crash: small and quick, tests the simulator itself.";

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; } = [FullProbe, StoppedFullProbe];

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        var world = new World(request.ToWorldOptions() with { VirtualTimeMax = TimeSpan.FromHours(1), ChancePoints = request.Profile != Profiles.Performance });
        ChoiceSite plan = world.Site("mailboxes.plan");
        int machines = 1 + (int)world.Choose(plan, world.Harness, 3);
        int producers = 1 + (int)world.Choose(plan, world.Harness, 4);
        int capacity = 1 + (int)world.Choose(plan, world.Harness, 4);
        int crashes = request.Profile switch
        {
            Profiles.Performance => 0,
            Profiles.Brutal => 4 + (int)world.Choose(plan, world.Harness, 5),
            _ => (int)world.Choose(plan, world.Harness, 4),
        };
        RunResult result = world.Run((_, platform) => RunAsync(world, platform, (machines, producers, capacity, crashes)));
        return new ScenarioOutcome(result, [Option("machines", machines), Option("producers", producers), Option("capacity", capacity), Option("crashes", crashes)]);
    }

    private static KeyValuePair<string, string> Option(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    private static async Task RunAsync(World world, IPlatform harness, (int Machines, int Producers, int Capacity, int Crashes) plan)
    {
        for (int i = 1; i <= plan.Machines; i++)
        {
            world.AddMachine($"m{i}", new MachineOptions()).Boot((platform, stop) => WorkAsync(world, platform, plan.Producers, plan.Capacity, stop));
        }

        ChoiceSite when = world.Site("mailboxes.crash-after");
        ChoiceSite which = world.Site("mailboxes.crash-machine");
        for (int i = 0; i < plan.Crashes; i++)
        {
            await harness.Clock.DelayAsync(TimeSpan.FromMilliseconds(1 + world.Choose(when, world.Harness, 50)), CancellationToken.None);
            Machine machine = world.Machines[(int)world.Choose(which, world.Harness, (uint)plan.Machines)];
            world.CountFault("crash");
            machine.Crash();
            machine.Restart();
        }

        await harness.Clock.DelayAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        world.Trace.Emit(TraceKind.Phase, null, text: "stop");
        foreach (Machine machine in world.Machines)
        {
            await machine.StopAsync(StopLimit);
        }
    }

    /// <summary>The program of a machine: every producer's items arrive in its order, none twice and none left out, until it is told to stop.</summary>
    private static async Task WorkAsync(World world, IPlatform platform, int producers, int capacity, CancellationToken stop)
    {
        var scope = new TaskScope(platform.Tasks, "work");
        var mailbox = new Mailbox<(int Producer, long Item)>(capacity);
        for (int producer = 0; producer < producers; producer++)
        {
            int number = producer;
            scope.Run($"producer-{number}", cancellation => ProduceAsync(platform, mailbox, number, cancellation));
        }

        scope.Run("consumer", cancellation => ConsumeAsync(world, platform, mailbox, new long[producers], cancellation));
        Task stopped = stop.WhenCancelledAsync(out CancellationTokenRegistration registration);
        await stopped;
        await registration.DisposeAsync();
        await scope.StopAsync();
        platform.Probes.Sometimes(mailbox.Count > 0, StoppedFullProbe);
        mailbox.Close();
    }

    private static async Task ProduceAsync(IPlatform platform, Mailbox<(int Producer, long Item)> mailbox, int producer, CancellationToken cancellation)
    {
        Random pauses = platform.Random.Get($"producer-{producer}");
        for (long item = 1; ; item++)
        {
            if (!mailbox.TryPost((producer, item)))
            {
                platform.Probes.Reachable(FullProbe);
                await mailbox.PostAsync((producer, item), cancellation);
            }

            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(pauses.Next(1, 5)), cancellation);
        }
    }

    private static async Task ConsumeAsync(
        World world, IPlatform platform, Mailbox<(int Producer, long Item)> mailbox, long[] seen, CancellationToken cancellation)
    {
        Random pauses = platform.Random.Get("consumer");
        while (await mailbox.WaitToReceiveAsync(cancellation))
        {
            while (mailbox.TryReceive(out (int Producer, long Item) received))
            {
                platform.Probes.Always(received.Item == seen[received.Producer] + 1, "mailboxes.in-order");
                seen[received.Producer] = received.Item;
                world.Count("mailboxes.received");
            }

            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(pauses.Next(0, 4)), cancellation);
        }
    }
}
