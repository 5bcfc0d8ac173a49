// Runs strategies over seeds, in turns when there are several, on the calling thread: a strategy learns from one run what it does in the next, so runs do not overlap.
// Choices are recorded while a run is made, because what a strategy has learned would have to be learned again to repeat it; the artifact of a violation replays without
// the strategy.

using System.Diagnostics;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Strategies;

namespace SimGraph.Simulation.Exploration;

/// <summary>A campaign of one strategy or of all of them.</summary>
public sealed class StrategyCampaign
{
    private readonly IScenario _scenario;
    private readonly StrategyCampaignOptions _options;

    /// <param name="scenario">What to run.</param>
    /// <param name="options">Validated here.</param>
    public StrategyCampaign(IScenario scenario, StrategyCampaignOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _scenario = scenario;
        _options = options;
    }

    /// <summary>Runs until a limit, a violation, or until every strategy is exhausted. Cancelling ends it soon, with a report of what was done.</summary>
    public StrategyCampaignReport Run(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        StrategyTally[] all = [.. StrategyCatalog.CreateAll(_options.Strategy, _options.Bounds).Select(strategy => new StrategyTally(strategy))];
        var turns = new Queue<StrategyTally>(all);
        ulong seed = _options.FromSeed;
        for (long run = 0; turns.Count > 0 && run < (_options.Seeds ?? long.MaxValue); run++)
        {
            if (cancellation.IsCancellationRequested || clock.Elapsed >= (_options.Time ?? TimeSpan.MaxValue))
            {
                break;
            }

            StrategyTally turn = turns.Dequeue();
            bool failed = RunOnce(turn, seed++, cancellation);
            if (failed && !_options.KeepGoing)
            {
                break;
            }

            if (!turn.Strategy.IsExhausted)
            {
                turns.Enqueue(turn);
            }
        }

        return new StrategyCampaignReport([.. all.Select(tally => tally.Report())], clock.Elapsed, cancellation.IsCancellationRequested);
    }

    private bool RunOnce(StrategyTally tally, ulong seed, CancellationToken cancellation)
    {
        IChoiceSource choices = tally.Strategy.Begin(seed);
        RecordingChoices? recording = _options.ArtifactFolder is null ? null : new RecordingChoices(choices);
        var request = new ScenarioRequest { Seed = seed, Profile = _options.Profile, Choices = recording ?? choices, Abort = cancellation };
        ScenarioOutcome? outcome = null;
        Violation? violation;
        try
        {
            outcome = _scenario.Run(request);
            violation = outcome.Result.Violation;
        }
#pragma warning disable CA1031 // A scenario that throws is a finding about the harness; the campaign reports it with its seed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            violation = SeedRunner.Thrown(exception);
        }

        if (outcome?.Result.Stopped == true)
        {
            return false;
        }

        tally.Count(outcome?.Result);
        violation = tally.Strategy.End() ?? violation;
        if (violation is null)
        {
            return false;
        }

        if (tally.CountViolation(violation, seed) && recording is not null)
        {
            (string? path, string? problem) = outcome is null
                ? (null, "the run has no end that could be recorded")
                : Save(RunRecorder.ArtifactOf(_scenario, request, outcome, recording.Recording), tally.Strategy.Name);
            tally.KeepArtifact(violation, path, problem);
        }

        return true;
    }

    private (string? Path, string? Problem) Save(RunArtifact artifact, string strategy)
    {
        try
        {
            return (artifact.Save(Path.Combine(_options.ArtifactFolder!, strategy)), null);
        }
        catch (ArtifactException exception)
        {
            return (null, exception.Message);
        }
    }
}
