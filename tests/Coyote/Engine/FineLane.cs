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
    private const uint HangTimeoutMilliseconds = 60_000;

    private static uint FirstSeed => ReadSetting("SIMGRAPH_FINE_LANE_SEED", DefaultSeed);

    private static uint Factor => ReadSetting("SIMGRAPH_FINE_LANE_FACTOR", 1);

    /// <summary>Runs the scenario on that many schedules, times the factor, and fails with the bug report if one of them fails.</summary>
    internal static FineLaneOutcome Explore(string name, int schedules, Func<Task> scenario, FineLaneLimits? limits = null)
    {
        FineLaneOutcome outcome = Search(name, schedules, scenario, limits);
        Check(name, outcome);
        return outcome;
    }

    /// <summary>Fails with the bug report if a schedule failed, or was not run to its end.</summary>
    internal static void Check(string name, FineLaneOutcome outcome)
    {
        if (outcome.Bug is not null)
        {
            Assert.Fail(
                $"'{name}' fails on schedule {outcome.Schedules} (first seed {outcome.Seed}).{Environment.NewLine}{outcome.Bug}{Environment.NewLine}"
                + $"To run this schedule again: dotnet run --project soak -- repro {outcome.TraceFile}");
        }

        // A schedule cut at the step limit has checked only its beginning.
        Assert.True(outcome.Unfinished == 0, $"'{name}': {outcome.Unfinished} of {outcome.Schedules} schedules did not end within the limit of steps");
    }

    /// <summary>Runs the scenario until it fails or the schedules, times the factor, are used up, and says what came of it.</summary>
    /// <param name="name">Of the scenario, and of the file of a failing trace.</param>
    /// <param name="schedules">How many, before the factor.</param>
    /// <param name="scenario">Run once for each schedule.</param>
    /// <param name="limits">Those of the lane unless stated.</param>
    /// <param name="input">What the scenario was made from, if it is not in this program: it is kept with a failing trace.</param>
    internal static FineLaneOutcome Search(string name, int schedules, Func<Task> scenario, FineLaneLimits? limits = null, string? input = null)
    {
        limits ??= new FineLaneLimits();
        if (FineLaneReplay.Current is { } asked)
        {
            return asked.Run(name, trace => Replay(scenario, trace, limits));
        }

        uint seed = FirstSeed;
        uint wanted = checked((uint)Math.Max(1, schedules / FineLaneMode.SchedulesDivisor) * Factor);
        var outcome = FineLaneOutcome.Nothing(seed);
        while (outcome.Bug is null && outcome.Schedules < wanted)
        {
            uint made = (uint)outcome.Schedules;
            Configuration configuration = Strict(limits)
                .WithTestingIterations(Math.Min((uint)limits.SchedulesPerEngine, wanted - made))
                .WithRandomGeneratorSeed(unchecked(seed + made));
            outcome = outcome.Then(Run(configuration, scenario, name, input));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {outcome.Schedules} schedules from seed {seed}, {outcome.Paths} distinct for their engine, longest {outcome.LongestSteps} steps");
        return outcome;
    }

    /// <summary>Runs the one schedule of a trace.</summary>
    internal static FineLaneOutcome Replay(Func<Task> scenario, string trace, FineLaneLimits? limits = null) =>
        Run(Strict(limits ?? new FineLaneLimits()).WithReproducibleTrace(trace), scenario, traceName: null);

    private static Configuration Strict(FineLaneLimits limits) => Configuration.Create()
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithPartiallyControlledDataNondeterminismAllowed(false)
        .WithMaxSchedulingSteps(limits.UnfairSteps, limits.Steps)
        .WithLivenessTemperatureThreshold(limits.PromiseSteps)
        .WithMemoryAccessRaceCheckingEnabled(FineLaneMode.MemoryAccesses)
        .WithDeadlockTimeout(HangTimeoutMilliseconds)
        .WithTelemetryEnabled(false);

    private static FineLaneOutcome Run(Configuration configuration, Func<Task> scenario, string? traceName, string? input = null)
    {
        using var engine = TestingEngine.Create(configuration, scenario);
        using var silent = new TextWriterLogger(TextWriter.Null, VerbosityLevel.None);
        engine.SetLogger(silent);
        engine.Run();
        TestReport report = engine.TestReport;
        bool failed = report.NumOfFoundBugs > 0;
        string? file = failed && traceName is not null ? FineLaneReplay.Write(traceName, engine.ReproducibleTrace, input) : null;
        return new FineLaneOutcome
        {
            Seed = configuration.RandomGeneratorSeed ?? 0,
            Schedules = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths,
            Paths = report.CoverageInfo.ExploredPaths.Count,
            LongestSteps = Math.Max(report.MaxExploredFairSteps, report.MaxExploredUnfairSteps),
            Unfinished = report.MaxFairStepsHitInFairTests + report.MaxUnfairStepsHitInUnfairTests,
            Bug = failed ? report.BugReports.First() : null,
            Trace = failed ? engine.ReproducibleTrace : null,
            TraceFile = file,
        };
    }

    private static uint ReadSetting(string name, uint otherwise) =>
        uint.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
            ? value
            : otherwise;
}
