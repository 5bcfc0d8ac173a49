using System.Globalization;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>One line of the fault script.</summary>
/// <param name="At">When, since the start of the safety phase.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">To whom.</param>
/// <param name="Ordinal">Chooses among the candidates, modulo their number.</param>
/// <param name="Duration">How long it lasts.</param>
/// <param name="Amount">How much: milliseconds of a jump, parts per million of a drift.</param>
public sealed record PlannedFault(TimeSpan At, FaultKind Kind, FaultTarget Target, int Ordinal, TimeSpan Duration, int Amount)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} {Target}#{Ordinal} for {Duration.TotalSeconds:0.000}s amount {Amount}");
}
