using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

/// <summary>The flush of a folder: covers what was changed before it began.</summary>
internal sealed class FlushDirectoryOperation(SimulatedDisk disk, string path) : DiskOperationWithAnswer<bool>(disk)
{
    private readonly long _mark = disk.Image.NamesMark;

    protected override bool Apply()
    {
        DiskDirectory directory = Disk.Image.FindDirectory(path)
            ?? throw new DiskException(DiskError.NotFound, path, "there is no such folder to flush");
        if (Disk.Strikes(DiskFaultKind.FailedDirectoryFlush, path))
        {
            Disk.Image.HasForgotten = true;
            directory.FailFlush(_mark, Disk.Choose);
            throw new DiskException(DiskError.InputOutput, path, "the folder could not be flushed: what is durable is unknown (simulated)");
        }

        directory.Flush(_mark);
        Disk.Emit(TraceKind.Flush, 0, 0, path);
        return true;
    }
}
