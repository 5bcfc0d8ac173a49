// Proof by scan. Forward: each element is read, and each pair that must follow from it is looked up. Backward: the pairs of each derived space are
// counted. Different elements have different pairs, so when all that must be there is there, and there are no more, then the spaces are right.
// The digest is summed up from all pairs that were read.

using System.Runtime.InteropServices;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Verifies one state of a graph. Used once.</summary>
internal sealed class GraphVerifier(LsmTree tree, LsmSnapshot at)
{
    private const int ProblemsMax = 100;

    private readonly PairBuffer _pair = new();
    private readonly PairBuffer _expected = new();
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, long> _labels = new(StringComparer.Ordinal);
    private IndexSet _indexes = IndexSet.Empty;
    private long[] _entries = [];
    private UInt128[] _entryDigests = [];
    private UInt128 _digest;
    private long _nodes;
    private long _edges;
    private long _labelled;

    public async Task<GraphVerification> VerifyAsync(CancellationToken cancellation)
    {
        GraphReader reader = new(tree, at);
        GraphCounters counters = await reader.ReadCountersAsync(cancellation);
        _indexes = await reader.ReadIndexesAsync(cancellation);
        _entries = new long[_indexes.Count];
        _entryDigests = new UInt128[_indexes.Count];
        await ScanAsync(KeySpace.Node, VerifyNodeAsync, cancellation);
        await ScanAsync(KeySpace.Edge, VerifyEdgeAsync, cancellation);
        await CountAsync(KeySpace.Outgoing, _edges, cancellation);
        await CountAsync(KeySpace.Incoming, _edges, cancellation);
        await CountAsync(KeySpace.EdgeTypes, _edges, cancellation);
        await CountAsync(KeySpace.LabelIndex, _labelled, cancellation);
        await VerifyLabelCountersAsync(cancellation);
        await VerifyIndexesAsync(cancellation);
        await VerifyMetaAsync(cancellation);
        Expect(counters.Nodes, _nodes, "the counter of nodes");
        Expect(counters.Edges, _edges, "the counter of edges");
        if (_digest != counters.Digest)
        {
            Report($"the digest is {counters.Digest:x32}, and the content has {_digest:x32}");
        }

        return new GraphVerification(_nodes, _edges, _digest, ImmutableCollectionsMarshal.AsImmutableArray(_problems.ToArray()));
    }

    private async ValueTask VerifyNodeAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        _nodes++;
        if (key.Length != 1 + sizeof(ulong))
        {
            Report($"key {GraphStoreCorruptException.Describe(key.Span)} is not that of a node");
            return;
        }

        ElementId id = ElementRecord.ReadKeyId(key.Span);
        GraphNode node;
        try
        {
            node = ElementRecord.ReadNode(id, value.Span, names: null);
        }
        catch (GraphStoreCorruptException exception)
        {
            Report(exception.Message);
            return;
        }

        foreach (string label in node.Labels)
        {
            _labelled++;
            _labels[label] = _labels.GetValueOrDefault(label) + 1;
            _expected.Begin(KeySpace.LabelIndex).Name(label).Id(id);
            await ExpectPairAsync(cancellation);
        }

        await VerifyEntriesAsync(ElementKind.Node, id, node.Properties, cancellation);
    }

    private async ValueTask VerifyEdgeAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        _edges++;
        if (key.Length != 1 + sizeof(ulong))
        {
            Report($"key {GraphStoreCorruptException.Describe(key.Span)} is not that of an edge");
            return;
        }

        ElementId id = ElementRecord.ReadKeyId(key.Span);
        GraphEdge edge;
        try
        {
            edge = ElementRecord.ReadEdge(id, value.Span, names: null);
        }
        catch (GraphStoreCorruptException exception)
        {
            Report(exception.Message);
            return;
        }

        await ExpectNodeAsync(edge, edge.From, cancellation);
        await ExpectNodeAsync(edge, edge.To, cancellation);
        _expected.Begin(KeySpace.Outgoing).Id(edge.From).Name(edge.Type).Id(id).IdValue(edge.To);
        await ExpectPairAsync(cancellation);
        _expected.Begin(KeySpace.Incoming).Id(edge.To).Name(edge.Type).Id(id).IdValue(edge.From);
        await ExpectPairAsync(cancellation);
        _expected.Begin(KeySpace.EdgeTypes).Name(edge.Type).Id(id);
        await ExpectPairAsync(cancellation);
        await VerifyEntriesAsync(ElementKind.Edge, id, edge.Properties, cancellation);
    }

    private async ValueTask VerifyEntriesAsync(ElementKind target, ElementId id, PropertyMap properties, CancellationToken cancellation)
    {
        for (int i = 0; i < _indexes.Count; i++)
        {
            IndexDefinition index = _indexes[i].Definition;
            if (index.Target == target && properties.TryGet(index.Key, out PropertyValue value))
            {
                IndexState.BeginEntry(_expected, index).OrderedValue(value).Id(id);
                _entries[i]++;
                _entryDigests[i] = unchecked(_entryDigests[i] + _expected.Hash);
                await ExpectPairAsync(cancellation);
            }
        }
    }

    private async ValueTask VerifyMetaAsync(CancellationToken cancellation)
    {
        // It holds the digest, so it cannot be in it.
        UInt128 digest = _digest;
        await ScanAsync(
            KeySpace.Meta,
            (key, _, _) =>
            {
                if (key.Length > 1)
                {
                    Report($"key {GraphStoreCorruptException.Describe(key.Span)} is not that of the meta pair");
                }

                return ValueTask.CompletedTask;
            },
            cancellation);
        _digest = digest;
    }

    private async ValueTask VerifyLabelCountersAsync(CancellationToken cancellation)
    {
        long counters = 0;
        await ScanAsync(
            KeySpace.LabelCounter,
            (_, _, _) =>
            {
                counters++;
                return ValueTask.CompletedTask;
            },
            cancellation);
        Expect(counters, _labels.Count, "the number of label counters");
        foreach ((string label, long count) in _labels)
        {
            _expected.Begin(KeySpace.LabelCounter).Name(label).NumberValue((ulong)count);
            await ExpectPairAsync(cancellation);
        }
    }

    private async ValueTask VerifyIndexesAsync(CancellationToken cancellation)
    {
        await ScanAsync(KeySpace.IndexDefinition, (_, _, _) => ValueTask.CompletedTask, cancellation);
        long expected = 0;
        for (int i = 0; i < _indexes.Count; i++)
        {
            string name = $"the index on {_indexes[i].Definition.Key} of {_indexes[i].Definition.Target}";
            expected += _entries[i];
            Expect(_indexes[i].Entries, _entries[i], $"the number of entries in the definition of {name}");
            if (_indexes[i].Digest != _entryDigests[i])
            {
                Report($"the sum of hashes in the definition of {name} is not that of its entries");
            }
        }

        // Its entries are in the digest through the definitions.
        UInt128 digest = _digest;
        await CountAsync(KeySpace.PropertyIndex, expected, cancellation);
        _digest = digest;
    }

    private async ValueTask CountAsync(KeySpace space, long expected, CancellationToken cancellation)
    {
        long pairs = 0;
        await ScanAsync(
            space,
            (_, _, _) =>
            {
                pairs++;
                return ValueTask.CompletedTask;
            },
            cancellation);
        Expect(pairs, expected, $"the number of pairs in space {space}");
    }

    private async ValueTask ScanAsync(
        KeySpace space, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, CancellationToken, ValueTask> visit, CancellationToken cancellation)
    {
        byte[] start = _pair.Begin(space).CopyKey();
        byte[] end = _pair.Successor().CopyKey();
        await using LsmCursor cursor = tree.OpenCursor(new LsmRange(start, end), at);
        await cursor.MoveToFirstAsync(cancellation);
        while (cursor.IsValid)
        {
            _pair.Begin(space).Raw(cursor.Key.Span[1..]).StoredValue(cursor.Value.Span);
            _digest = unchecked(_digest + _pair.Hash);
            await visit(cursor.Key, cursor.Value, cancellation);
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(cancellation);
            }
        }
    }

    private async ValueTask ExpectNodeAsync(GraphEdge edge, ElementId node, CancellationToken cancellation)
    {
        LsmValue found = await tree.GetAsync(_pair.Begin(KeySpace.Node).Id(node).KeyMemory, at, cancellation);
        if (!found.Found)
        {
            Report($"edge {edge.Id} has an end {node} that does not exist");
        }
    }

    private async ValueTask ExpectPairAsync(CancellationToken cancellation)
    {
        LsmValue found = await tree.GetAsync(_expected.KeyMemory, at, cancellation);
        if (!found.Found)
        {
            Report($"key {GraphStoreCorruptException.Describe(_expected.Key)} is missing");
        }
        else if (!found.Value.Span.SequenceEqual(_expected.Value))
        {
            Report($"key {GraphStoreCorruptException.Describe(_expected.Key)} has another value than follows from its element");
        }
    }

    private void Expect(long actual, long expected, string what)
    {
        if (actual != expected)
        {
            Report($"{what} is {actual}, and the elements make it {expected}");
        }
    }

    private void Report(string problem)
    {
        if (_problems.Count < ProblemsMax)
        {
            _problems.Add(problem);
        }
    }
}
