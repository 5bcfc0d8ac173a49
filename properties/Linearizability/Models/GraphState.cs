using System.Collections.Immutable;

namespace SimGraph.Properties.Linearizability.Models;

/// <summary>
/// The graph, or the part of it that a partition touches. Nodes that no operation creates are there from the start, so it keeps which nodes are absent. Immutable; the
/// hash is a sum over what is in it, so each change costs one update.
/// </summary>
internal sealed class GraphState : IEquatable<GraphState>
{
    private static readonly ImmutableSortedSet<string> NoNames = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private readonly ImmutableSortedDictionary<string, long> _numbers;
    private readonly ImmutableSortedSet<string> _absent;
    private readonly ImmutableSortedDictionary<string, ImmutableSortedSet<string>> _links;
    private readonly int _linkCount;

    private GraphState(
        ImmutableSortedDictionary<string, long> numbers,
        ImmutableSortedSet<string> absent,
        ImmutableSortedDictionary<string, ImmutableSortedSet<string>> links,
        int linkCount,
        ulong hash)
    {
        _numbers = numbers;
        _absent = absent;
        _links = links;
        _linkCount = linkCount;
        Hash = hash;
    }

    /// <summary>Everything is there but these nodes.</summary>
    public static GraphState Without(IEnumerable<string> nodes) => new(
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal),
        NoNames.Union(nodes),
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal),
        linkCount: 0,
        hash: 0);

    /// <summary>Equal for equal states of one partition.</summary>
    public ulong Hash { get; }

    /// <summary>How much is in it.</summary>
    public int Count => _numbers.Count + _absent.Count + _linkCount;

    public IEnumerable<KeyValuePair<string, long>> Numbers => _numbers;

    public IEnumerable<KeyValuePair<string, ImmutableSortedSet<string>>> Links => _links;

    public bool Has(string node) => !_absent.Contains(node);

    public long NumberOf(string cell) => _numbers.GetValueOrDefault(cell);

    public ImmutableSortedSet<string> LinkedFrom(string node) => _links.GetValueOrDefault(node, NoNames);

    public GraphState WithNumber(string cell, long number) => new(
        number == 0 ? _numbers.Remove(cell) : _numbers.SetItem(cell, number), _absent, _links, _linkCount, Hash - HashOfNumber(cell, NumberOf(cell)) + HashOfNumber(cell, number));

    public GraphState WithNode(string node) => new(_numbers, _absent.Remove(node), _links, _linkCount, Hash - HashOfAbsence(node));

    public GraphState WithLink(string from, string to)
    {
        ImmutableSortedSet<string> linked = LinkedFrom(from);
        return linked.Contains(to) ? this : new GraphState(_numbers, _absent, _links.SetItem(from, linked.Add(to)), _linkCount + 1, Hash + HashOfLink(from, to));
    }

    public GraphState WithoutLink(string from, string to)
    {
        ImmutableSortedSet<string> linked = LinkedFrom(from);
        if (!linked.Contains(to))
        {
            return this;
        }

        ImmutableSortedSet<string> left = linked.Remove(to);
        return new GraphState(_numbers, _absent, left.IsEmpty ? _links.Remove(from) : _links.SetItem(from, left), _linkCount - 1, Hash - HashOfLink(from, to));
    }

    /// <summary>Without the node, its properties and its links.</summary>
    public GraphState WithoutNode(string node)
    {
        var state = new GraphState(_numbers, _absent.Add(node), _links, _linkCount, Hash + HashOfAbsence(node));
        foreach (string to in LinkedFrom(node))
        {
            state = state.WithoutLink(node, to);
        }

        foreach (string from in _links.Keys)
        {
            state = state.WithoutLink(from, node);
        }

        string prefix = $"{node}.";
        foreach (string cell in _numbers.Keys)
        {
            if (cell.StartsWith(prefix, StringComparison.Ordinal))
            {
                state = state.WithNumber(cell, 0);
            }
        }

        return state;
    }

    /// <inheritdoc/>
    public bool Equals(GraphState? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Hash == other.Hash && _linkCount == other._linkCount && _absent.SetEquals(other._absent)
            && _numbers.SequenceEqual(other._numbers)
            && _links.Count == other._links.Count
            && _links.All(link => link.Value.SetEquals(other.LinkedFrom(link.Key))));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GraphState);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash;

    private static ulong HashOfNumber(string cell, long number) => number == 0 ? 0 : StateHash.Mix(StateHash.Of(cell, number));

    private static ulong HashOfAbsence(string node) => StateHash.Mix(StateHash.Of(node) + 1);

    private static ulong HashOfLink(string from, string to) => StateHash.Mix(StateHash.Of(to, (long)StateHash.Of(from)) + 2);
}
