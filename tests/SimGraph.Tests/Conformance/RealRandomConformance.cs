using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

public sealed class RealRandomConformance : RandomConformance
{
    protected override void Run(Func<IPlatform, Task> body) => RealPlatform.Run(body);
}
