using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>What a run did.</summary>
public sealed record RunResult
{
    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Rolling hash over every step and event: equal for equal runs.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Continuations run.</summary>
    public required long Steps { get; init; }

    /// <summary>Timed events fired.</summary>
    public required long EventsFired { get; init; }

    /// <summary>Virtual time that passed.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>The first thing that did not hold; null if all did.</summary>
    public required Violation? Violation { get; init; }

    /// <summary>True when the run was stopped early by <see cref="WorldOptions.StopAtStep"/>.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Faults injected, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>Probes, by name.</summary>
    public required IReadOnlyDictionary<string, ProbeCount> Probes { get; init; }

    /// <summary>What the scenario counted, by name.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    /// <summary>Hashes on the way.</summary>
    public required IReadOnlyList<HashCheckpoint> Checkpoints { get; init; }
}
