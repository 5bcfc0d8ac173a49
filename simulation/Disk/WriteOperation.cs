using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

internal sealed class WriteOperation(SimulatedDisk disk, DiskInode inode, string path, long offset, ReadOnlyMemory<byte> buffer)
    : DiskOperationWithAnswer<bool>(disk)
{
    private const int SectorBytes = SurvivingChanges.SectorBytes;

    internal override InFlightChange? Change(DiskCopies? copies) =>
        copies is null ? new InFlightWrite(inode, path, offset, buffer)
        : copies.Of(inode) is { } copy ? new InFlightWrite(copy, path, offset, buffer.ToArray())
        : null;

    protected override bool Apply()
    {
        try
        {
            if (Disk.Strikes(DiskFaultKind.WriteError, path))
            {
                int written = (int)Disk.Choose("disk.write-error.written", (uint)buffer.Length + 1);
                Disk.Image.Write(inode, path, offset, buffer.Span[..written]);
                throw new DiskException(DiskError.InputOutput, path, $"{buffer.Length} bytes at {offset} could not be written whole (simulated)");
            }

            Disk.FillIfStruck(path);
            if (!TryMisdirect())
            {
                Disk.Image.Write(inode, path, offset, buffer.Span);
            }

            Disk.EmitWrite(offset, buffer.Span, path);
            return true;
        }
        finally
        {
            Disk.Image.Close(inode);
        }
    }

    // The device puts the sectors in another place that exists. The file grows as asked, and holds there what it held before: nothing, or old bytes.
    private bool TryMisdirect()
    {
        if (buffer.IsEmpty || !Disk.Strikes(DiskFaultKind.MisdirectedWrite, path))
        {
            return false;
        }

        var places = new List<(string Path, DiskInode Inode, long Sectors)>();
        foreach ((string otherPath, DiskInode other) in Disk.Image.Files())
        {
            // Whole sectors in which the write fits, at the same place within its sector.
            long room = other.Visible.Length - (offset % SectorBytes) - buffer.Length;
            if (room >= 0)
            {
                places.Add((otherPath, other, 1 + (room / SectorBytes)));
            }
        }

        if (places.Count == 0)
        {
            return false;
        }

        (string targetPath, DiskInode target, long sectors) = places[(int)Disk.Choose("disk.misdirected.file", (uint)places.Count)];
        long sector = Disk.Choose("disk.misdirected.sector", (uint)Math.Min(sectors, uint.MaxValue));
        long targetOffset = (sector * SectorBytes) + (offset % SectorBytes);
        if (target == inode && targetOffset == offset)
        {
            return false;
        }

        long end = offset + buffer.Length;
        if (end > inode.Visible.Length)
        {
            Disk.Image.SetLength(inode, path, end);
        }

        Disk.Image.Write(target, targetPath, targetOffset, buffer.Span);
        return true;
    }
}
