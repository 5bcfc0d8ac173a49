namespace SimGraph.Simulation.Kernel;

/// <summary>Something that happens at a virtual time: a timer, a delivery, the end of a disk operation. Reusable once it has fired or was cancelled.</summary>
public abstract class ScheduledEvent
{
    internal const int NotScheduled = -1;

    internal int HeapIndex { get; set; } = NotScheduled;

    internal long Cause { get; set; }

    /// <summary>True while it waits in the scheduler.</summary>
    public bool IsScheduled => HeapIndex != NotScheduled;

    /// <summary>Happens now. Runs outside any task: it may complete what tasks wait for, schedule events and change the world, but not await.</summary>
    protected internal abstract void Fire();
}
