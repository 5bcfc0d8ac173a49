using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Disk;

/// <summary>One call in flight: it takes effect when its time is over, as a whole. Never reused.</summary>
internal abstract class DiskOperation(SimulatedDisk disk) : ScheduledEvent
{
    /// <summary>Place in the disk's list of what is in flight.</summary>
    internal int Place { get; set; }

    /// <summary>Ascending in the order in which the calls began.</summary>
    internal long Number { get; set; }

    /// <summary>True when it changes nothing, neither what is seen nor what is durable.</summary>
    internal virtual bool OnlyReads => false;

    protected SimulatedDisk Disk { get; } = disk;

    /// <summary>What it leaves behind, perhaps, when its process ends while it is in flight; null when that is nothing.</summary>
    /// <param name="copies">Given when it is to be done to a fork, and later: then it must hold bytes of its own.</param>
    internal virtual InFlightChange? Change(DiskCopies? copies) => null;

    protected internal override void Fire()
    {
        Disk.OperationLanding?.Invoke();
        Disk.Landed(this);
        Complete();
    }

    protected abstract void Complete();
}
