using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class SimulatedTaskScopeConformance : TaskScopeConformance
{
    protected override void Run(Func<IPlatform, Task> body) => SimulatedPlatforms.Run(body);
}
