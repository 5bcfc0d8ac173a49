using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

internal sealed class ReadOperation(SimulatedDisk disk, DiskInode inode, string path, long offset, Memory<byte> buffer)
    : DiskOperationWithAnswer<int>(disk)
{
    internal override bool OnlyReads => true;

    protected override int Apply()
    {
        Disk.Image.Close(inode);
        if (Disk.Strikes(DiskFaultKind.ReadError, path))
        {
            throw new DiskException(DiskError.InputOutput, path, $"{buffer.Length} bytes at {offset} could not be read (simulated)");
        }

        Rot();
        int count = inode.Visible.Read(offset, buffer.Span);
        Disk.Emit(TraceKind.Read, offset, count, path);
        return count;
    }

    // Only what is on the device can rot, and rot that nobody reads is none.
    private void Rot()
    {
        long end = Math.Min(Math.Min(inode.Durable.Length, inode.Visible.Length), offset + buffer.Length);
        if (offset < end && Disk.Strikes(DiskFaultKind.BitRot, path))
        {
            uint place = Disk.Choose("disk.bit-rot.byte", (uint)(end - offset));
            inode.FlipBit(offset + place, (int)Disk.Choose("disk.bit-rot.bit", 8));
        }
    }
}
