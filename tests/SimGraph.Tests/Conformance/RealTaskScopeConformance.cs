using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class RealTaskScopeConformance : TaskScopeConformance
{
    protected override void Run(Func<IPlatform, Task> body) => RealPlatform.Run(body);
}
