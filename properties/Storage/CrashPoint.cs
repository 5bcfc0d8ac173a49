using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Storage;

/// <summary>A moment at which the power may fail.</summary>
/// <param name="Number">Which operation of the disk is about to take effect, from 1.</param>
/// <param name="Disk">The disk then.</param>
/// <param name="Expectation">What must be found after it.</param>
internal sealed record CrashPoint(int Number, DiskSnapshot Disk, object Expectation);
