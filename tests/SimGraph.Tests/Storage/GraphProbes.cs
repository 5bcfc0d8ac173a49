using SimGraph.Runtime.Probes;
using Xunit;

namespace SimGraph.Tests.Storage;

/// <summary>Remembers what was reached.</summary>
internal sealed class GraphProbes : IProbes
{
    public List<string> Reached { get; } = [];

    public void Always(bool condition, string name) => Assert.True(condition, name);

    public void Sometimes(bool condition, string name)
    {
        if (condition)
        {
            Reached.Add(name);
        }
    }

    public void Reachable(string name) => Reached.Add(name);

    public void Unreachable(string name) => Assert.Fail(name);

    public bool Buggify(string site) => false;
}
