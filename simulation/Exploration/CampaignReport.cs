using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>What a campaign did. For a fixed range of seeds everything but the times is a function of the code.</summary>
public sealed record CampaignReport
{
    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Name of the profile.</summary>
    public required string Profile { get; init; }

    /// <summary>The first seed.</summary>
    public required ulong FromSeed { get; init; }

    /// <summary>Seeds completed. After a violation that ended the campaign, only seeds up to its own count.</summary>
    public required long Runs { get; init; }

    /// <summary>How many of them were run a second time and compared.</summary>
    public required long RunsTwice { get; init; }

    /// <summary>Runs that were begun and given up, because the campaign ended.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Steps of the runs.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps of second runs.</summary>
    public required long RepeatedSteps { get; init; }

    /// <summary>Timed events of the runs.</summary>
    public required long EventsFired { get; init; }

    /// <summary>Virtual time of the runs.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>Real time.</summary>
    public required TimeSpan WallTime { get; init; }

    /// <summary>Processor time of the process meanwhile.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Counters of the scenario, summed.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    /// <summary>Faults by kind.</summary>
    public required IReadOnlyDictionary<string, FaultCount> Faults { get; init; }

    /// <summary>Probes, summed.</summary>
    public required IReadOnlyDictionary<string, ProbeCount> Probes { get; init; }

    /// <summary>Probes that the scenario requires, and that no run hit; in order of their names.</summary>
    public required IReadOnlyList<string> RequiredProbesMissed { get; init; }

    /// <summary>Violations by class and name, in order of their first seeds.</summary>
    public required IReadOnlyList<ViolationGroup> Violations { get; init; }

    /// <summary>True when it was cancelled.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Hash over the hashes of all runs, in order of the seeds.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Steps for each second of real time.</summary>
    public double StepsPerWallSecond => PerSecond(Steps + RepeatedSteps, WallTime);

    /// <summary>Steps for each second of processor time.</summary>
    public double StepsPerCpuSecond => PerSecond(Steps + RepeatedSteps, CpuTime);

    /// <summary>
    /// The exit code: that of the worst class of violations (the smallest, as a broken safety property is worse than a late answer); 130 for an interrupted campaign
    /// without one; otherwise 0.
    /// </summary>
    public int ExitCode => Violations.Count > 0 ? Violations.Min(group => (int)group.First.Class) : Interrupted ? 130 : 0;

    private static double PerSecond(long count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
