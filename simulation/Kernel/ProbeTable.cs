using System.Runtime.InteropServices;

namespace SimGraph.Simulation.Kernel;

/// <summary>Counts of the probes of a run: how often each was evaluated, and how often it was hit.</summary>
public sealed class ProbeTable
{
    private readonly Dictionary<string, ProbeCount> _counts = new(StringComparer.Ordinal);

    /// <summary>The counts, in order of their names.</summary>
    public SortedDictionary<string, ProbeCount> Snapshot() => new(_counts, StringComparer.Ordinal);

    internal void Count(string name, ProbeKind kind, bool hit)
    {
        ref ProbeCount count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out bool known);
        count = known
            ? count with { Evaluations = count.Evaluations + 1, Hits = count.Hits + (hit ? 1 : 0) }
            : new ProbeCount(kind, 1, hit ? 1 : 0);
    }
}
