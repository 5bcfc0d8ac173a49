using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

/// <summary>The flush of a file: covers the writes that had ended before it began, and no others.</summary>
internal sealed class FlushOperation(SimulatedDisk disk, DiskInode inode, string path) : DiskOperationWithAnswer<bool>(disk)
{
    private readonly long _mark = inode.Mark;

    protected override bool Apply()
    {
        Disk.Image.Close(inode);
        if (Disk.Strikes(DiskFaultKind.FailedFlush, path))
        {
            Disk.Image.HasForgotten = true;
            inode.FailFlush(_mark, Disk.Choose);
            throw new DiskException(DiskError.InputOutput, path, "the flush failed: what was written since the last one may be lost (simulated)");
        }

        inode.Flush(_mark);
        Disk.Emit(TraceKind.Flush, inode.Id, _mark, path);
        return true;
    }
}
