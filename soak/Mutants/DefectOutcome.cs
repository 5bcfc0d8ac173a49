using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Mutants;

/// <summary>What became of one planted defect, and what that took. The times are the exploration's own, without the build.</summary>
internal sealed record DefectOutcome
{
    public required PlantedDefect Defect { get; init; }

    public required DefectVerdict Verdict { get; init; }

    /// <summary>Scenario that was explored last; that which found it, if one did.</summary>
    public string? Scenario { get; init; }

    /// <summary>The violation that showed it; null when none did.</summary>
    public RunSummaryViolation? Shown { get; init; }

    public long Runs { get; init; }

    public TimeSpan WallTime { get; init; }

    public TimeSpan CpuTime { get; init; }

    /// <summary>Whether its seed still shows it after an edit that has nothing to do with it; null when that was not tried.</summary>
    public bool? SeedSurvivedEdit { get; init; }

    /// <summary>What shrinking its first run came to; null when that was not tried, or the run has no plan.</summary>
    public ShrinkSummary? Shrunk { get; init; }

    /// <summary>Why it was not tried.</summary>
    public string? Problem { get; init; }

    /// <summary>Runs were made; otherwise a test was to show it, or it was not tried.</summary>
    public bool WasExplored => Defect.Test is null && Verdict is (DefectVerdict.Found or DefectVerdict.Survived);

    public static DefectOutcome NotTried(PlantedDefect defect, string problem) => new() { Defect = defect, Verdict = DefectVerdict.NotTried, Problem = problem };
}
