using System.Globalization;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>A script of several steps.</summary>
/// <param name="At">When it begins at the earliest, since the start of the safety phase; one begins when the one before it is over.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Duration">How long its last step lasts.</param>
public sealed record PlannedManeuver(TimeSpan At, ManeuverKind Kind, TimeSpan Duration)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} for {Duration.TotalSeconds:0.000}s");
}
