namespace SimGraph.Simulation.Disk;

/// <summary>What a power loss or a failed flush took.</summary>
/// <param name="Names">Changes of names that are undone.</param>
/// <param name="Changes">Writes and length changes that are lost whole.</param>
/// <param name="Torn">Writes of which a part is lost.</param>
internal readonly record struct DiskLoss(int Names, int Changes, int Torn)
{
    public static DiskLoss operator +(DiskLoss left, DiskLoss right) =>
        new(left.Names + right.Names, left.Changes + right.Changes, left.Torn + right.Torn);
}
