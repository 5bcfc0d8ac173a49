using SimGraph.Simulation.Disk;

namespace SimGraph.Simulation.Kernel;

/// <summary>What is peculiar to a machine.</summary>
public sealed record MachineOptions
{
    /// <summary>How far its wall clock is ahead of the world's at the start; may be negative.</summary>
    public TimeSpan WallClockOffset { get; init; }

    /// <summary>How much faster (or slower, if negative) its clocks run, in parts per million; within ±500,000.</summary>
    public int ClockDriftPartsPerMillion { get; init; }

    /// <summary>How its disk behaves at first.</summary>
    public DiskFaultOptions Disk { get; init; } = DiskFaultOptions.None;

    /// <summary>
    /// Whether it is a violation, <c>liveness.stop-unheard</c>, that a task begins to read from the disk with a token that does not say that the task was told to stop, or never will. With a slow disk, or much
    /// to read, its stop is late. For programs that read nothing in order to stop; false at first.
    /// </summary>
    public bool StopsAreHeard { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(ClockDriftPartsPerMillion), 500_000, nameof(ClockDriftPartsPerMillion));
        ArgumentNullException.ThrowIfNull(Disk);
        Disk.Validate();
    }
}
