using SimGraph.Runtime;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>One world of a series: a machine, its disk, and the program on it.</summary>
/// <param name="Disk">What the disk holds at first.</param>
/// <param name="Program">What the machine runs.</param>
internal sealed record WorldSetting(DiskSnapshot Disk, Func<IPlatform, CancellationToken, Task> Program)
{
    /// <summary>How the disk misbehaves.</summary>
    public DiskFaultOptions Faults { get; init; } = DiskFaultOptions.None;

    /// <summary>Faults that led to what the disk holds: deaths and failures of those who wrote it.</summary>
    public long FaultsBefore { get; init; }

    /// <summary>Runs on the harness from the boot on; the world ends with it. Null: the world ends when the program does.</summary>
    public Func<World, Machine, IPlatform, Task>? Script { get; init; }
}
