using Microsoft.Coyote.Rewriting;
using Xunit;

namespace SimGraph.Coyote.Tests;

/// <summary>Without rewriting every test here would pass by exploring nothing.</summary>
public sealed class RewritingTests
{
    [Theory]
    [InlineData("SimGraph.Runtime")]
    [InlineData("SimGraph.Storage")]
    [InlineData("SimGraph.Cluster")]
    [InlineData("SimGraph.Replication")]
    [InlineData("SimGraph.Query")]
    [InlineData("SimGraph.Coyote.Tests")]
    public void The_assembly_is_rewritten(string name) =>
        Assert.True(RewritingEngine.IsAssemblyRewritten(System.Reflection.Assembly.Load(name)));
}
