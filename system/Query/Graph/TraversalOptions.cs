using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>Which way a traversal goes.</summary>
/// <param name="Depth">Steps from the start at most; 0 is the start alone.</param>
/// <param name="Direction">Which edges it follows.</param>
/// <param name="Type">Edges of this type only; null: all.</param>
public sealed record TraversalOptions(int Depth, EdgeDirection Direction = EdgeDirection.Outgoing, string? Type = null)
{
    /// <summary>Steps from the start at most.</summary>
    public int Depth { get; } = Depth >= 0 ? Depth : throw new ArgumentOutOfRangeException(nameof(Depth), Depth, "The depth is not negative.");
}
