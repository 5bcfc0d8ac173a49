using SimGraph.Runtime.Disk;

namespace SimGraph.Simulation.Disk;

/// <summary>A write in flight. The bytes are the caller's while its call lasts: a snapshot takes a copy.</summary>
internal sealed class InFlightWrite(DiskInode inode, string path, long offset, ReadOnlyMemory<byte> bytes) : InFlightChange
{
    internal override void Orphaned(DiskImage image, DiskCopies? copies, DiskChooser choose)
    {
        // A killed write stops somewhere on its way into the page cache.
        uint sectors = (uint)((bytes.Length + SurvivingChanges.SectorBytes - 1) / SurvivingChanges.SectorBytes);
        int written = (int)Math.Min(bytes.Length, (long)choose("disk.orphan.write", sectors + 1) * SurvivingChanges.SectorBytes);
        if ((copies is null ? inode : copies.Of(inode)) is not { } target)
        {
            return;
        }

        try
        {
            image.Write(target, path, offset, bytes.Span[..written]);
        }
        catch (DiskException)
        {
            // Nobody is left to be told.
        }
    }
}
