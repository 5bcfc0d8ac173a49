namespace SimGraph.Simulation.Disk;

/// <summary>A change of length in flight.</summary>
internal sealed class InFlightLength(DiskInode inode, string path, long length) : InFlightChange
{
    internal override void Orphaned(DiskImage image, DiskCopies? copies, DiskChooser choose)
    {
        if (length <= SparseBytes.LengthMax && choose("disk.orphan.length", 2) == 1 && (copies is null ? inode : copies.Of(inode)) is { } target)
        {
            image.SetLength(target, path, length);
        }
    }
}
