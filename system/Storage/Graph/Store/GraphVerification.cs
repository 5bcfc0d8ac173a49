using System.Collections.Immutable;

namespace SimGraph.Storage.Graph;

/// <summary>What <see cref="GraphStore.VerifyAsync"/> found.</summary>
/// <param name="Nodes">Nodes that were read.</param>
/// <param name="Edges">Edges that were read.</param>
/// <param name="Digest">The digest computed from the scan.</param>
/// <param name="Problems">What is not as it should be, the first ones; empty when all is well.</param>
public sealed record GraphVerification(long Nodes, long Edges, UInt128 Digest, ImmutableArray<string> Problems)
{
    /// <summary>True when all is well.</summary>
    public bool IsSound => Problems.IsEmpty;
}
