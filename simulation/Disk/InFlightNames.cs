using SimGraph.Runtime.Disk;

namespace SimGraph.Simulation.Disk;

/// <summary>A change of names in flight.</summary>
internal sealed class InFlightNames(Action<DiskImage> apply) : InFlightChange
{
    internal override void Orphaned(DiskImage image, DiskCopies? copies, DiskChooser choose)
    {
        if (choose("disk.orphan.names", 2) == 1)
        {
            try
            {
                apply(image);
            }
            catch (DiskException)
            {
                // Nobody is left to be told.
            }
        }
    }
}
