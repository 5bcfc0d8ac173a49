using System.Diagnostics;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using Xunit;

namespace SimGraph.Tests.Simulation;

/// <summary>When a seed's runs differ, the report names the first event that does, and the code that made it.</summary>
public sealed class RunComparisonTests
{
    private static int _runs;

    [Fact]
    public void A_table_in_the_order_of_identity_hashes_is_found_where_its_order_shows()
    {
        Violation violation = Explain(TellInHashOrderAsync);
        AssertNamed(violation, nameof(TellInHashOrderAsync), "n1 Client");
    }

    [Fact]
    public void A_real_clock_is_found_where_its_time_shows()
    {
        Violation violation = Explain(TellRealTimeAsync);
        AssertNamed(violation, nameof(TellRealTimeAsync), "n1 Client");
    }

    [Fact]
    public void A_static_that_survives_a_run_is_found_where_it_shows()
    {
        Violation violation = Explain(TellHowManyRunsAsync);
        AssertNamed(violation, nameof(TellHowManyRunsAsync), "n1 Client");
    }

    [Fact]
    public void A_pool_thread_is_found_at_once()
    {
        RunResult result = Scenario(static async (_, _, _) => await Task.Run(static () => Thread.SpinWait(1), CancellationToken.None)).Run(new ScenarioRequest { Seed = 1 }).Result;
        Assert.Equal("nondeterminism.escape", result.Violation?.Name);
        Assert.Contains("started on another thread", result.Violation!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_of_the_difference_have_their_stacks()
    {
        // Odd and even runs take different ways: of four in a row each way comes twice.
        Violation violation = Explain(static (machine, _, _) => Interlocked.Increment(ref _runs) % 2 == 0 ? EvenAsync(machine) : OddAsync(machine));
        Assert.Contains($"{nameof(RunComparisonTests)}.{nameof(EvenAsync)}", violation.Message, StringComparison.Ordinal);
        Assert.Contains($"{nameof(RunComparisonTests)}.{nameof(OddAsync)}", violation.Message, StringComparison.Ordinal);
    }

    private static Task EvenAsync(Machine machine)
    {
        Tell(machine, 2);
        return Task.CompletedTask;
    }

    private static Task OddAsync(Machine machine)
    {
        Tell(machine, 1);
        return Task.CompletedTask;
    }

    private static async Task TellInHashOrderAsync(Machine machine, IPlatform platform, CancellationToken stop)
    {
        var table = new HashSet<object>();
        var numbers = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < 100; i++)
        {
            object item = new();
            table.Add(item);
            numbers.Add(item, i);
        }

        await Task.Yield();
        object[] buckets = [.. table.OrderBy(static item => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(item))];
        Array.ForEach(buckets, item => Tell(machine, numbers[item]));
    }

    private static async Task TellRealTimeAsync(Machine machine, IPlatform platform, CancellationToken stop)
    {
        Tell(machine, 1);
        await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), stop);
        Tell(machine, Stopwatch.GetTimestamp());
    }

    private static async Task TellHowManyRunsAsync(Machine machine, IPlatform platform, CancellationToken stop)
    {
        await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), stop);
        Tell(machine, Interlocked.Increment(ref _runs));
    }

    private static void Tell(Machine machine, long number) => machine.World.Trace.Emit(TraceKind.Client, machine, number);

    private static void AssertNamed(Violation violation, string method, string what)
    {
        Assert.Equal((ViolationClass.Nondeterminism, "nondeterminism.run-twice"), (violation.Class, violation.Name));
        Assert.Contains($"{nameof(RunComparisonTests)}.{method} (RunComparisonTests.cs:", violation.Message, StringComparison.Ordinal);
        Assert.Contains($", {what} ", violation.Message, StringComparison.Ordinal);
        Assert.Contains(" in main", violation.Message, StringComparison.Ordinal);
    }

    private static Violation Explain(Func<Machine, IPlatform, CancellationToken, Task> program)
    {
        ExplorationScenario scenario = Scenario(program);
        var request = new ScenarioRequest { Seed = 1 };
        RunResult first = scenario.Run(request).Result;
        RunResult second = scenario.Run(request).Result;
        Assert.NotEqual(first.Hash, second.Hash);
        return RunComparison.Explain(scenario, request, first, second);
    }

    private static ExplorationScenario Scenario(Func<Machine, IPlatform, CancellationToken, Task> program) => new("unsound", async (world, _) =>
    {
        Machine machine = world.AddMachine("n1", new MachineOptions());
        await machine.Boot((platform, stop) => program(machine, platform, stop)).Exited;
    });
}
