// The same small workloads under Coyote's engine and under the simulator, in turns. Coyote runs the code as it is: plain async methods that await Task.Yield are
// controlled through its SynchronizationContext, without rewriting, and that is its cheaper way (rewritten code adds scheduling points and thread hand-overs).
// Each engine counts its own steps: Coyote counts scheduling decisions, the simulator continuations.

using System.Diagnostics;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Soak.Bench;

/// <summary>Compares with Coyote.</summary>
internal sealed class CoyoteBench(CancellationToken abort)
{
    public const int Repetitions = 3;
    private static readonly TimeSpan OurTime = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<(int Tasks, int Yields, uint CoyoteRuns)> Workloads { get; } = [(3, 10, 60), (10, 100, 3)];

    public (EngineRate Ours, EngineRate Coyote) Compare((int Tasks, int Yields, uint CoyoteRuns) workload)
    {
        var ours = new List<EngineRate>();
        var coyote = new List<EngineRate>();
        RunOurs(workload.Tasks, workload.Yields);
        RunCoyote(workload.Tasks, workload.Yields, 1, seed: 1);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            abort.ThrowIfCancellationRequested();
            ours.Add(RunOurs(workload.Tasks, workload.Yields));
            coyote.Add(RunCoyote(workload.Tasks, workload.Yields, workload.CoyoteRuns, seed: 1 + (1000u * (uint)repetition)));
        }

        return (Median(ours), Median(coyote));
    }

    private static EngineRate Median(List<EngineRate> rates) => rates.OrderBy(rate => rate.RunsPerSecond).ElementAt(rates.Count / 2);

    private EngineRate RunOurs(int tasks, int yields)
    {
        long runs = 0;
        long steps = 0;
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < OurTime)
        {
            RunResult result = KernelWorkload.Run(new KernelWork(tasks, KernelStep.Yield), yields, seed: (ulong)runs, abort);
            steps += result.Steps;
            runs++;
        }

        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return new EngineRate(runs / seconds, steps / seconds, (double)steps / runs);
    }

    private static EngineRate RunCoyote(int tasks, int yields, uint runs, uint seed)
    {
        Configuration configuration = Configuration.Create()
            .WithTestingIterations(runs)
            .WithRandomGeneratorSeed(seed)
            .WithRandomStrategy()
            .WithMaxSchedulingSteps(100_000)
            .WithDeadlockTimeout(60_000)
            .WithPartiallyControlledConcurrencyAllowed(false)
            .WithTelemetryEnabled(false);
        using var engine = TestingEngine.Create(configuration, () => RunTasksAsync(tasks, yields));
        using var logger = new TextWriterLogger(TextWriter.Null, VerbosityLevel.None);
        engine.SetLogger(logger);
        long begun = Stopwatch.GetTimestamp();
        engine.Run();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        TestReport report = engine.TestReport;
        if (report.NumOfFoundBugs > 0)
        {
            throw new InvalidOperationException($"the workload failed under Coyote: {report.BugReports.First()}");
        }

        double steps = report.TotalExploredFairSteps + report.TotalExploredUnfairSteps;
        return new EngineRate(runs / seconds, steps / seconds, steps / runs);
    }

    private static async Task RunTasksAsync(int tasks, int yields)
    {
        var running = new Task[tasks];
        for (int i = 0; i < tasks; i++)
        {
            running[i] = KernelWorkload.YieldAsync(yields);
        }

        await Task.WhenAll(running);
    }
}
