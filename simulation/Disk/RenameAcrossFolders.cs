namespace SimGraph.Simulation.Disk;

/// <summary>
/// Ties the two halves of a rename from one folder to another: the old name must not be gone durably before the new one is there, because the
/// file system journals both as one transaction.
/// </summary>
internal sealed class RenameAcrossFolders(DiskDirectory target, long sequence)
{
    /// <summary>The folder that gains the name.</summary>
    internal DiskDirectory Target { get; } = target;

    /// <summary>The change there that adds it.</summary>
    internal long Sequence { get; } = sequence;

    /// <summary>The new name never reached the device: a flush of its folder failed.</summary>
    internal bool Dropped { get; set; }
}
