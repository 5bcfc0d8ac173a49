using SimGraph.Runtime;

namespace SimGraph.Tests.Conformance;

/// <summary>The contract of the name seam against the operating system's resolver.</summary>
public sealed class RealNameConformance : NameConformance
{
    protected override string NameOf(IPlatform platform) => "localhost";

    protected override void Run(Func<IPlatform, Task> body) => RealPlatform.Run(body);
}
