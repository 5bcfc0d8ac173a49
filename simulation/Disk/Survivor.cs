namespace SimGraph.Simulation.Disk;

/// <summary>What one crash or power loss left of a disk.</summary>
/// <param name="Pattern">Which pattern it follows, for reports.</param>
/// <param name="LosesPower">False when only the process was killed.</param>
/// <param name="Decisions">What was decided, in order.</param>
/// <param name="Disk">The disk afterwards.</param>
public sealed record Survivor(string Pattern, bool LosesPower, IReadOnlyList<SurvivalDecision> Decisions, DiskSnapshot Disk)
{
    /// <inheritdoc/>
    public override string ToString() => Decisions.Count == 0 ? Pattern : $"{Pattern}: {string.Join(", ", Decisions)}";
}
