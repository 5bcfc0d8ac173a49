using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class RealDiskConformance : DiskConformance
{
    protected override void Run(Func<IPlatform, Task> body) => RealDiskRun.Run(body);
}
