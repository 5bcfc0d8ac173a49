namespace SimGraph.Simulation.Disk;

/// <summary>
/// What a call in flight would still do to the disk, apart from the process that made the call: it is done, in part or whole, to any fork of the image.
/// </summary>
internal abstract class InFlightChange
{
    /// <summary>The process has ended: it may have taken effect all the same, in part or whole. Zero means it did not.</summary>
    /// <param name="image">The image that it is done to.</param>
    /// <param name="copies">Given when that is a fork of the image that it was meant for.</param>
    /// <param name="choose">Decides.</param>
    internal abstract void Orphaned(DiskImage image, DiskCopies? copies, DiskChooser choose);
}
