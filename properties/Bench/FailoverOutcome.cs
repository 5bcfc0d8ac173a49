using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Bench;

/// <summary>What a run of crashes has shown.</summary>
/// <param name="Result">The run.</param>
/// <param name="ElectionTimeout">What the members were told.</param>
/// <param name="Elections">For each crash, the time until another node, or the same one again, led.</param>
/// <param name="Unavailability">For each crash and each client, the time between its last acknowledged write before and its first after.</param>
public sealed record FailoverOutcome(RunResult Result, TimeSpan ElectionTimeout, IReadOnlyList<TimeSpan> Elections, IReadOnlyList<TimeSpan> Unavailability);
