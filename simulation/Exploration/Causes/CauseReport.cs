namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>What a failure needs, and when it was sealed.</summary>
/// <param name="Outcome">How the run fails.</param>
/// <param name="Choices">How many choices it made.</param>
/// <param name="Needs">Everything that could be taken out of its plan, in the plan's order.</param>
/// <param name="Trials">Moments from which other courses were tried, earliest first.</param>
/// <param name="Sealed">The choice that sealed it; null when the plan leads there whatever is chosen, or when the search was cut short.</param>
/// <param name="Runs">Runs that were made.</param>
/// <param name="Elapsed">Real time that it took.</param>
/// <param name="IsFinished">Whether everything was tried; false when the time was up or somebody interrupted.</param>
public sealed record CauseReport(
    ScenarioOutcome Outcome,
    long Choices,
    IReadOnlyList<CauseNeed> Needs,
    IReadOnlyList<CauseTrial> Trials,
    SealingChoice? Sealed,
    long Runs,
    TimeSpan Elapsed,
    bool IsFinished)
{
    /// <summary>Whether no course at all was found that does not fail: the plan leads there.</summary>
    public bool IsOfThePlan => Trials.Count > 0 && Trials[0] is { Choices: 0, Escaped: 0 };
}
