using SimGraph.Runtime.Disk;

namespace SimGraph.Simulation.Disk;

/// <summary>A call that reads or changes names: open, exists, rename, delete, list, create folder.</summary>
/// <param name="disk">Its disk.</param>
/// <param name="path">For messages.</param>
/// <param name="changes">Whether it leaves something behind when its process ends before it.</param>
/// <param name="apply">What it does.</param>
internal sealed class NameOperation<T>(SimulatedDisk disk, string path, bool changes, Func<DiskImage, T> apply) : DiskOperationWithAnswer<T>(disk)
{
    internal override bool OnlyReads => !changes;

    internal override InFlightChange? Change(DiskCopies? copies) => changes ? new InFlightNames(image => apply(image)) : null;

    protected override T Apply()
    {
        if (Disk.Strikes(DiskFaultKind.MetadataError, path))
        {
            throw new DiskException(DiskError.InputOutput, path, "the device failed to read or change names (simulated)");
        }

        return apply(Disk.Image);
    }
}
