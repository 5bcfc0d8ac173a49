// Drives whole simulated runs by Coyote's testing engine. Each run is one operation of Coyote's that makes integer choices; a violation of the run is
// a failed assertion of Coyote's, so it stops there, reports it and keeps a trace that replays.

using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Coyote;

/// <summary>Explores and replays simulated runs by Coyote.</summary>
public static class CoyoteExplorer
{
    // An engine keeps the text of every trace it has seen until it is disposed; few runs to an engine bound that.
    private const int RunsPerEngine = 8;

    // One that learns needs runs to learn from.
    private const int RunsPerLearningEngine = 64;
    private const uint HangTimeoutMilliseconds = 600_000;

    // What is learned is kept for each answer in each state, so answers must be few.
    private const uint LearnedBoundMax = 16;

    /// <summary>Makes runs until one fails or all are made.</summary>
    /// <param name="options">Validated here.</param>
    /// <param name="run">Makes one run with the given source of choices. Called once for each run.</param>
    /// <param name="cancellationToken">Looked at between runs.</param>
    public static CoyoteFinding Explore(CoyoteOptions options, Func<IChoiceSource, RunResult> run, CancellationToken cancellationToken = default) =>
        Explore(options, (choices, _) => run(choices), cancellationToken);

    /// <summary>As above, for runs that also note where they are, from which Q-learning learns.</summary>
    public static CoyoteFinding Explore(CoyoteOptions options, Func<IChoiceSource, Coverage, RunResult> run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(run);
        options.Validate();
        CoyoteFinding? finding = null;
        int made = 0;
        while (made < options.Runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(options.Strategy == CoyoteStrategy.QLearning ? RunsPerLearningEngine : RunsPerEngine, options.Runs - made);
            Configuration configuration = Configure(options.ChoicesMax, options.Strategy)
                .WithTestingIterations((uint)batch)
                .WithRandomGeneratorSeed(options.Seed + (uint)made);
            finding = RunEngine(configuration, options.Strategy, options.Seed + (uint)made, run);
            made += finding.Runs;
            finding = finding with { Runs = made };
            if (finding.Failed)
            {
                break;
            }
        }

        return finding!;
    }

    /// <summary>Makes the one run of a trace that Coyote recorded with this strategy.</summary>
    public static CoyoteFinding Replay(string trace, Func<IChoiceSource, RunResult> run, CoyoteStrategy strategy = CoyoteStrategy.Random)
    {
        ArgumentException.ThrowIfNullOrEmpty(trace);
        ArgumentNullException.ThrowIfNull(run);
        return RunEngine(Configure(new CoyoteOptions().ChoicesMax, CoyoteStrategy.Random).WithReproducibleTrace(trace), strategy, seed: 0, (choices, _) => run(choices));
    }

    private static Configuration Configure(uint choicesMax, CoyoteStrategy strategy) => (strategy == CoyoteStrategy.QLearning
            ? Configuration.Create().WithQLearningStrategy()
            : Configuration.Create().WithRandomStrategy())
        .WithMaxSchedulingSteps(choicesMax, choicesMax)
        .WithFailureOnMaxStepsBoundEnabled()
        .WithDeadlockTimeout(HangTimeoutMilliseconds)
        .WithTelemetryEnabled(false);

    private static CoyoteFinding RunEngine(Configuration configuration, CoyoteStrategy strategy, uint seed, Func<IChoiceSource, Coverage, RunResult> run)
    {
        bool learns = strategy == CoyoteStrategy.QLearning;
        int runs = 0;
        RunResult? result = null;
        RecordingChoices? choices = null;
        void RunOnce()
        {
            runs++;
            result = null;
            choices = new RecordingChoices(learns ? new CoyoteChoices(LearnedBoundMax) : new CoyoteChoices());
            var coverage = new Coverage();
            if (learns)
            {
                Specification.RegisterStateHashingFunction(() => unchecked((int)(coverage.State ^ (coverage.State >> 32))));
            }

            result = run(choices, coverage);
            Specification.Assert(result.Violation is null, "{0}", result.Violation);
        }

        using var engine = TestingEngine.Create(configuration, RunOnce);
        using var silent = new TextWriterLogger(TextWriter.Null, VerbosityLevel.None);
        engine.SetLogger(silent);
        engine.Run();
        bool failed = engine.TestReport.NumOfFoundBugs > 0;
        return new CoyoteFinding
        {
            Runs = runs,
            Seed = seed + (uint)Math.Max(0, runs - 1),
            Result = result,
            Choices = failed ? choices?.Recording : null,
            Report = failed ? engine.TestReport.BugReports.First() : null,
            Trace = failed ? engine.ReproducibleTrace : null,
            Statistics = engine.TestReport.GetText(configuration),
        };
    }
}
