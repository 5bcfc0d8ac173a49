using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class RealDiskFileConformance : DiskFileConformance
{
    protected override void Run(Func<IPlatform, Task> body) => RealDiskRun.Run(body);
}
