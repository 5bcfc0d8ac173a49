// One page of neighbours. The adjacency of a node is ordered by type, then by edge. A question for one type is one range scan. A question for all
// goes from type to type, and keeps the smallest edges: it leaves a type as soon as its edges are behind those it has, so a page costs about its
// size and one seek for each type of the node, whatever its degree.

using System.Runtime.InteropServices;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Answers one <see cref="Neighbours"/> query.</summary>
internal sealed class NeighbourPage(LsmTree tree, LsmSnapshot? at, Neighbours query)
{
    // Letter and node: where the type begins in a key.
    private const int TypeOffset = 1 + sizeof(ulong);

    // Most keys are shorter; the buffer grows for others.
    private const int KeyBytes = 64;

    private readonly PairBuffer _key = new(KeyBytes);
    private readonly List<Neighbour> _found = [];
    private ulong _last = ulong.MaxValue;
    private byte[] _type = [];
    private string _typeText = "";

    public async ValueTask<NeighboursAnswer> ReadAsync(CancellationToken cancellation)
    {
        if (query.After.Value != ulong.MaxValue)
        {
            if (query.Direction != EdgeDirection.Incoming)
            {
                await ScanAsync(KeySpace.Outgoing, cancellation);
            }

            if (query.Direction != EdgeDirection.Outgoing)
            {
                await ScanAsync(KeySpace.Incoming, cancellation);
            }
        }

        Shrink(query.Limit + 1);
        bool more = _found.Count > query.Limit;
        if (more)
        {
            _found.RemoveAt(query.Limit);
        }

        return new NeighboursAnswer(ImmutableCollectionsMarshal.AsImmutableArray(_found.ToArray()), more);
    }

    private async ValueTask ScanAsync(KeySpace space, CancellationToken cancellation)
    {
        ElementId first = new(query.After.Value + 1);
        _key.Begin(space).Id(query.Node);
        if (query.Type is not null)
        {
            _key.Name(query.Type);
        }

        byte[] prefix = _key.CopyKey();
        byte[] end = _key.Successor().CopyKey();
        byte[] start = query.Type is null ? prefix : _key.Begin(space).Id(query.Node).Name(query.Type).Id(first).CopyKey();
        await using LsmCursor cursor = tree.OpenCursor(new LsmRange(start, end), at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid)
        {
            ElementId edge = ReadType(cursor.Key.Span);
            if (edge < first)
            {
                await cursor.SeekAsync(_key.Begin(space).Id(query.Node).Name(_typeText).Id(first).CopyKey(), cancellation);
            }
            else if (edge.Value > _last)
            {
                if (query.Type is not null)
                {
                    return;
                }

                await cursor.SeekAsync(_key.Begin(space).Id(query.Node).Name(_typeText).Successor().CopyKey(), cancellation);
            }
            else
            {
                Add(new Neighbour(edge, _typeText, ElementRecord.ReadIdValue(cursor.Key.Span, cursor.Value.Span)));
                if (!cursor.TryMoveNext())
                {
                    await cursor.MoveNextAsync(cancellation);
                }
            }
        }
    }

    /// <summary>Takes a key apart: the type is remembered, the edge is returned.</summary>
    private ElementId ReadType(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> type = ElementRecord.ReadKeyName(key, TypeOffset);
        if (!type.SequenceEqual(_type))
        {
            _type = type.ToArray();
            _typeText = ElementRecord.ReadText(key, type);
        }

        return key.Length == TypeOffset + sizeof(ushort) + type.Length + sizeof(ulong)
            ? ElementRecord.ReadKeyId(key)
            : throw new GraphStoreCorruptException(key, "it is not a key of an adjacency");
    }

    private void Add(Neighbour neighbour)
    {
        _found.Add(neighbour);
        if (_found.Count > 2 * query.Limit + 2)
        {
            Shrink(query.Limit + 1);
        }
    }

    /// <summary>Keeps the smallest; the node's edge to itself was met twice, and counts once.</summary>
    private void Shrink(int count)
    {
        _found.Sort(static (left, right) => left.Edge.CompareTo(right.Edge));
        int kept = 0;
        for (int i = 0; i < _found.Count && kept < count; i++)
        {
            if (kept == 0 || _found[i].Edge != _found[kept - 1].Edge)
            {
                _found[kept++] = _found[i];
            }
        }

        _found.RemoveRange(kept, _found.Count - kept);
        if (kept == count)
        {
            // What comes behind this is not in the page.
            _last = _found[^1].Edge.Value;
        }
    }
}
