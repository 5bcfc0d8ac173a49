namespace SimGraph.Soak.Mutants;

/// <summary>What became of all of them.</summary>
/// <param name="Outcomes">In the order in which they were tried.</param>
/// <param name="Interrupted">There were more.</param>
internal sealed record MutantsResult(IReadOnlyList<DefectOutcome> Outcomes, bool Interrupted)
{
    public IReadOnlyList<DefectOutcome> Explored => [.. Outcomes.Where(outcome => outcome.WasExplored)];

    /// <summary>Processor time of the middle one of those that were found; null when none was.</summary>
    public TimeSpan? MedianCpuTime
    {
        get
        {
            TimeSpan[] times = [.. Outcomes.Where(outcome => outcome.Verdict == DefectVerdict.Found).Select(outcome => outcome.CpuTime).Order()];
            return times.Length == 0 ? null : (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
        }
    }

    /// <summary>The exploration that took longest; null when there was none.</summary>
    public DefectOutcome? Longest => Explored.MaxBy(outcome => outcome.WallTime);

    public int ExitCode => Interrupted ? ExitCodes.Interrupted
        : Count(DefectVerdict.Survived) > 0 ? ExitCodes.Survived
        : Count(DefectVerdict.NotTried) > 0 ? ExitCodes.Harness
        : ExitCodes.Held;

    public int Count(DefectVerdict verdict) => Outcomes.Count(outcome => outcome.Verdict == verdict);
}
