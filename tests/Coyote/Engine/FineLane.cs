// Runs a scenario under Coyote's testing engine: the same scenario on many schedules, each a pure function of a seed. Strict: whatever Coyote does
// not control (a real timer, a pool thread, a wall clock) is a failure and not a warning, because such a schedule could not be replayed.
//
// SIMGRAPH_FINE_LANE_SEED and SIMGRAPH_FINE_LANE_FACTOR change the first seed and multiply the number of schedules, for nightly runs.

using System.Globalization;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;
using Xunit;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Explores the interleavings of a scenario.</summary>
internal static class FineLane
{
    private const uint DefaultSeed = 20_260_101;
    private const uint ScheduleStepsMax = 4000;
    private const uint HangTimeoutMilliseconds = 60_000;

    private static uint FirstSeed => ReadSetting("SIMGRAPH_FINE_LANE_SEED", DefaultSeed);

    private static uint Factor => ReadSetting("SIMGRAPH_FINE_LANE_FACTOR", 1);

    /// <summary>Runs the scenario on that many schedules and fails with the bug report if one of them fails.</summary>
    internal static void Explore(string name, int schedules, Func<Task> scenario, bool allowUnfinished = false)
    {
        FineLaneOutcome outcome = Search(name, schedules, scenario);
        if (outcome.Bug is not null)
        {
            Assert.Fail(
                $"'{name}' fails on schedule {outcome.Schedules} (first seed {outcome.Seed}).{Environment.NewLine}{outcome.Bug}{Environment.NewLine}"
                + $"Its trace was written to {outcome.TraceFile}; FineLane.Replay(scenario, trace) runs that schedule again.");
        }

        // A schedule cut at the step limit has checked only its beginning.
        Assert.True(
            allowUnfinished || outcome.Unfinished == 0,
            $"'{name}': {outcome.Unfinished} of {outcome.Schedules} schedules did not end within {ScheduleStepsMax} steps");
    }

    /// <summary>Runs the scenario until it fails or the schedules are used up, and says what came of it.</summary>
    internal static FineLaneOutcome Search(string name, int schedules, Func<Task> scenario)
    {
        uint seed = FirstSeed;
        Configuration configuration = Strict()
            .WithTestingIterations((uint)schedules * Factor)
            .WithRandomGeneratorSeed(seed);
        FineLaneOutcome outcome = Run(configuration, scenario, seed, name);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {outcome.Schedules} schedules from seed {seed}, {outcome.Paths} distinct, longest {outcome.LongestSteps} steps");
        return outcome;
    }

    /// <summary>Runs the one schedule of a trace.</summary>
    internal static FineLaneOutcome Replay(Func<Task> scenario, string trace) =>
        Run(Strict().WithReproducibleTrace(trace), scenario, seed: 0, traceName: null);

    private static Configuration Strict() => Configuration.Create()
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithPartiallyControlledDataNondeterminismAllowed(false)
        .WithMaxSchedulingSteps(ScheduleStepsMax)
        .WithDeadlockTimeout(HangTimeoutMilliseconds)
        .WithTelemetryEnabled(false);

    private static FineLaneOutcome Run(Configuration configuration, Func<Task> scenario, uint seed, string? traceName)
    {
        using var engine = TestingEngine.Create(configuration, scenario);
        using var silent = new TextWriterLogger(TextWriter.Null, VerbosityLevel.None);
        engine.SetLogger(silent);
        engine.Run();
        TestReport report = engine.TestReport;
        bool failed = report.NumOfFoundBugs > 0;
        string? file = failed && traceName is not null ? WriteTrace(traceName, engine.ReproducibleTrace) : null;
        return new FineLaneOutcome
        {
            Seed = seed,
            Schedules = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths,
            Paths = report.CoverageInfo.ExploredPaths.Count,
            LongestSteps = Math.Max(report.MaxExploredFairSteps, report.MaxExploredUnfairSteps),
            Unfinished = report.MaxFairStepsHitInFairTests + report.MaxUnfairStepsHitInUnfairTests,
            Bug = failed ? report.BugReports.First() : null,
            Trace = failed ? engine.ReproducibleTrace : null,
            TraceFile = file,
        };
    }

    private static string WriteTrace(string name, string trace)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "fine-lane-traces");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{name.Replace(' ', '-')}.trace");
        File.WriteAllText(file, trace);
        return file;
    }

    private static uint ReadSetting(string name, uint otherwise) =>
        uint.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
            ? value
            : otherwise;
}
