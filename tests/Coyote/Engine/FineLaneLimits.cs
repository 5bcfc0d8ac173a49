namespace SimGraph.Coyote.Tests.Engine;

/// <summary>How long the schedules of a search may be.</summary>
internal sealed record FineLaneLimits
{
    /// <summary>After so many schedules the engine is renewed: it keeps the text of every trace until it is disposed. A multiple of four keeps the turns of its strategies.</summary>
    internal int SchedulesPerEngine { get; init; } = 2000;

    /// <summary>Steps after which every strategy lets all tasks have their turn.</summary>
    internal uint UnfairSteps { get; init; } = 4000;

    /// <summary>Steps after which a schedule is cut.</summary>
    internal uint Steps { get; init; } = 40_000;

    /// <summary>Steps on the fair part of a schedule for which a promise may be open. One that is only kept late must not reach it.</summary>
    internal uint PromiseSteps { get; init; } = 20_000;
}
