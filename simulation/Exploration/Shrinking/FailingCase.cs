using System.Collections.Immutable;
using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>A run that a plan, a seed and some fixed sites of choices make.</summary>
/// <param name="Seed">Answers the choices that nothing fixes.</param>
/// <param name="Plan">A plan of the scenario.</param>
/// <param name="Fixed">Sites of choices with one answer each.</param>
public sealed record FailingCase(ulong Seed, object Plan, ImmutableSortedDictionary<string, FixedAnswer> Fixed)
{
    /// <summary>A case in which nothing is fixed but the plan.</summary>
    public static FailingCase Of(ulong seed, object plan) => new(seed, plan, ImmutableSortedDictionary.Create<string, FixedAnswer>(StringComparer.Ordinal));

    /// <summary>The source of the run's choices.</summary>
    public IChoiceSource CreateChoices() => new FixedSites(new SeededChoices(Seed), Fixed);
}
