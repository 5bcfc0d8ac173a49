using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class SimulatedDiskConformance : DiskConformance
{
    protected override void Run(Func<IPlatform, Task> body) => SimulatedDiskRun.Run(body);
}
