using System.Globalization;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>One line of the operator's script.</summary>
/// <param name="At">When to begin, since the start of the safety phase; later if the line before is not done.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Ordinal">Chooses among the voters, modulo their number.</param>
public sealed record PlannedChange(TimeSpan At, ChangeKind Kind, int Ordinal)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} #{Ordinal}");
}
