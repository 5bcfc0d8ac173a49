namespace SimGraph.Coyote.Tests.Engine;

/// <summary>What a search or a replay came to.</summary>
internal sealed record FineLaneOutcome
{
    /// <summary>The seed of the first schedule; each one after it adds one.</summary>
    internal required uint Seed { get; init; }

    /// <summary>Schedules that were run.</summary>
    internal required int Schedules { get; init; }

    /// <summary>Schedules that differ from each other; those of different engines count as different.</summary>
    internal required int Paths { get; init; }

    /// <summary>Steps of the longest schedule.</summary>
    internal required int LongestSteps { get; init; }

    /// <summary>Schedules that were cut at the step limit.</summary>
    internal required int Unfinished { get; init; }

    /// <summary>Coyote's report of the failure, or null.</summary>
    internal string? Bug { get; init; }

    /// <summary>The failing schedule, for a replay.</summary>
    internal string? Trace { get; init; }

    /// <summary>Where the failing schedule was written.</summary>
    internal string? TraceFile { get; init; }

    /// <summary>Before the first schedule.</summary>
    internal static FineLaneOutcome Nothing(uint seed) => new() { Seed = seed, Schedules = 0, Paths = 0, LongestSteps = 0, Unfinished = 0 };

    /// <summary>This outcome and that of the engine that went on after it.</summary>
    internal FineLaneOutcome Then(FineLaneOutcome next) => next with
    {
        Seed = Seed,
        Schedules = Schedules + next.Schedules,
        Paths = Paths + next.Paths,
        LongestSteps = Math.Max(LongestSteps, next.LongestSteps),
        Unfinished = Unfinished + next.Unfinished,
    };
}
