using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class SimulatedDiskFileConformance : DiskFileConformance
{
    protected override void Run(Func<IPlatform, Task> body) => SimulatedDiskRun.Run(body);
}
