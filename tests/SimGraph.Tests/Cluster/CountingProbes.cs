using SimGraph.Runtime.Probes;
using Xunit;

namespace SimGraph.Tests.Cluster;

/// <summary>Counts what a core reports, and answers chance points from a function.</summary>
internal sealed class CountingProbes(Func<bool> chance) : IProbes
{
    public SortedDictionary<string, int> Hits { get; } = new(StringComparer.Ordinal);

    public void Always(bool condition, string name) => Assert.True(condition, name);

    public void Sometimes(bool condition, string name)
    {
        if (condition)
        {
            Reachable(name);
        }
    }

    public void Reachable(string name) => Hits[name] = Hits.GetValueOrDefault(name) + 1;

    public void Unreachable(string name) => Assert.Fail(name);

    public bool Buggify(string site) => chance();
}
