namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>What a guided campaign did. For a number of runs everything but the times is a function of the code.</summary>
public sealed record GuidedReport
{
    /// <summary>Runs, fresh ones and variants.</summary>
    public required long Runs { get; init; }

    /// <summary>Fresh ones among them.</summary>
    public required long FreshRuns { get; init; }

    /// <summary>Steps of all.</summary>
    public required long Steps { get; init; }

    /// <summary>Pairs of places that any of them showed.</summary>
    public required int Pairs { get; init; }

    /// <summary>Pairs that fresh ones showed.</summary>
    public required int FreshPairs { get; init; }

    /// <summary>Runs that are kept, because they showed something new.</summary>
    public required int Kept { get; init; }

    /// <summary>Runs since the last new pair.</summary>
    public required long RunsSinceNew { get; init; }

    /// <summary>The chance that one more fresh run shows a new pair, as Good and Turing estimate it.</summary>
    public required double NewChance { get; init; }

    /// <summary>Pairs that fresh runs can show and have not, at least, as Chao estimates it.</summary>
    public required double UnseenLeast { get; init; }

    /// <summary>Whether it ended because nothing new came any more.</summary>
    public required bool IsFlat { get; init; }

    /// <summary>Violations by class and name, in order of their first runs.</summary>
    public required IReadOnlyList<GuidedFinding> Findings { get; init; }

    /// <summary>Real time.</summary>
    public required TimeSpan WallTime { get; init; }

    /// <summary>Processor time of the process meanwhile.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>True when it was cancelled.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Hash over the hashes of all runs, in order.</summary>
    public required ulong Hash { get; init; }

    /// <summary>The exit code: that of the worst class of violations; 130 for an interrupted campaign without one; otherwise 0.</summary>
    public int ExitCode => Findings.Count > 0 ? Findings.Min(finding => (int)finding.First.Class) : Interrupted ? 130 : 0;
}
