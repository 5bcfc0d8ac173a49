using Microsoft.Coyote.Rewriting;
using Xunit;

namespace SimGraph.CoyoteMemory.Tests;

/// <summary>Without rewriting every test here would pass by exploring nothing.</summary>
public sealed class MemoryRewritingTests
{
    [Theory]
    [InlineData("SimGraph.Runtime")]
    [InlineData("SimGraph.Storage")]
    [InlineData("SimGraph.Replication")]
    [InlineData("SimGraph.Query")]
    [InlineData("SimGraph.CoyoteMemory.Tests")]
    public void The_assembly_is_rewritten(string name) =>
        Assert.True(RewritingEngine.IsAssemblyRewritten(System.Reflection.Assembly.Load(name)));
}
