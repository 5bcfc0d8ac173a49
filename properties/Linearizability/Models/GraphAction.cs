using System.Collections.Immutable;

namespace SimGraph.Properties.Linearizability.Models;

/// <summary>An operation on a graph.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Node">The node.</param>
/// <param name="Key">The property of Set, Add and Get; otherwise empty.</param>
internal sealed record GraphAction(GraphActionKind Kind, string Node, string Key = "")
{
    /// <summary>The owner that a created node is linked from, or the other end of a link; null if there is none.</summary>
    public string? Other { get; init; }

    /// <summary>What to set or add.</summary>
    public long Argument { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; init; } = Outcome.Unknown;

    /// <summary>The answer of Add and Get.</summary>
    public long Number { get; init; }

    /// <summary>The answer of Neighbours, sorted.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>The property as one word.</summary>
    public string Cell { get; } = Key.Length == 0 ? Node : $"{Node}.{Key}";

    public bool IsOfProperty => Kind is GraphActionKind.Set or GraphActionKind.Add or GraphActionKind.Get;

    /// <summary>It was done, and nothing more was said.</summary>
    public GraphAction Done() => this with { Outcome = Outcome.Done };

    /// <summary>It was done, with this number.</summary>
    public GraphAction Answered(long number) => this with { Outcome = Outcome.Done, Number = number };

    /// <summary>It was done, with these names.</summary>
    public GraphAction Answered(IEnumerable<string> names) => this with { Outcome = Outcome.Done, Names = [.. names.Order(StringComparer.Ordinal)] };

    /// <inheritdoc/>
    public bool Equals(GraphAction? other) =>
        other is not null && Kind == other.Kind && Node == other.Node && Key == other.Key && Other == other.Other && Argument == other.Argument
        && Outcome == other.Outcome && Number == other.Number && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => (int)StateHash.Of(Node, Argument) ^ (int)Kind;
}
