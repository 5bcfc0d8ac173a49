using System.Globalization;
using SimGraph.Simulation.Disk;

namespace SimGraph.Properties.Storage;

/// <summary>One life of a disk: what is done, how the disk misbehaves, and how it ends.</summary>
/// <param name="Workload">What is done.</param>
/// <param name="Faults">How the disk misbehaves.</param>
/// <param name="EndsAfter">The end comes when this many operations of the disk have begun to take effect, if the program has not ended before.</param>
/// <param name="End">How it ends.</param>
internal sealed record LifePlan(WorkloadPlan Workload, DiskFaultOptions Faults, int EndsAfter, LifeEnd End)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ends by {End} after {EndsAfter} operations; {Workload}");
}
