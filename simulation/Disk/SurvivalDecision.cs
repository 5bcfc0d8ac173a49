using System.Globalization;

namespace SimGraph.Simulation.Disk;

/// <summary>One decision about what survives.</summary>
/// <param name="What">Name of the choice, such as <c>disk.loss.write</c>.</param>
/// <param name="Value">What was chosen; 0 is the mildest.</param>
/// <param name="Bound">It was chosen below this.</param>
public readonly record struct SurvivalDecision(string What, uint Value, uint Bound)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What} {Value}/{Bound}");
}
