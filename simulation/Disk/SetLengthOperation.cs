using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Disk;

internal sealed class SetLengthOperation(SimulatedDisk disk, DiskInode inode, string path, long length) : DiskOperationWithAnswer<bool>(disk)
{
    internal override InFlightChange? Change(DiskCopies? copies) =>
        (copies is null ? inode : copies.Of(inode)) is { } target ? new InFlightLength(target, path, length) : null;

    protected override bool Apply()
    {
        try
        {
            if (Disk.Strikes(DiskFaultKind.WriteError, path))
            {
                throw new DiskException(DiskError.InputOutput, path, $"the length could not be set to {length} (simulated)");
            }

            Disk.Image.SetLength(inode, path, length);
            Disk.Emit(TraceKind.Write, length, -1, path);
            return true;
        }
        finally
        {
            Disk.Image.Close(inode);
        }
    }
}
