using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Disk;

/// <summary>One call in flight: it takes effect when its time is over, as a whole. Never reused.</summary>
internal abstract class DiskOperation(SimulatedDisk disk) : ScheduledEvent
{
    /// <summary>Place in the disk's list of what is in flight.</summary>
    internal int Place { get; set; }

    /// <summary>Ascending in the order in which the calls began.</summary>
    internal long Number { get; set; }

    protected SimulatedDisk Disk { get; } = disk;

    /// <summary>The process has ended while this was in flight: it may have taken effect all the same, in part or whole. Zero means it did not.</summary>
    internal virtual void Orphaned(DiskChooser choose)
    {
    }

    protected internal override void Fire()
    {
        Disk.Landed(this);
        Complete();
    }

    protected abstract void Complete();
}
