using System.Globalization;

namespace SimGraph.Properties.Discovery;

/// <summary>One line of the script.</summary>
/// <param name="At">When, since the start of the safety phase.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Node">To whom, from 0.</param>
/// <param name="Duration">How long it lasts.</param>
/// <param name="Amount">How much.</param>
public sealed record DiscoveryFault(TimeSpan At, DiscoveryFaultKind Kind, int Node, TimeSpan Duration, int Amount)
{
    /// <summary>True for the faults that change which links are cut: one of them at a time.</summary>
    public bool IsOfLinks => Kind is DiscoveryFaultKind.Isolate or DiscoveryFaultKind.Split or DiscoveryFaultKind.OneWayCut;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} n{Node + 1} for {Duration.TotalSeconds:0.000}s amount {Amount}");
}
