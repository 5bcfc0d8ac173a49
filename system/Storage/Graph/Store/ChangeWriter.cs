// Turns what a command has changed into pairs of a batch. Indexes, adjacency and counters are always derived from an element as it was and as it
// is, by the code below and nowhere else: there is no way to change an element without them. The order of writing decides nothing: a batch is
// ordered by key, and the digest is a sum.

using SimGraph.Runtime;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Writes <see cref="PendingChanges"/> into a batch.</summary>
internal sealed class ChangeWriter(LsmTree tree, PendingChanges changes, NameTable names)
{
    private readonly PairBuffer _pair = new();
    private readonly Dictionary<string, long> _labels = new(StringComparer.Ordinal);
    private readonly List<(string Label, long Before, long After)> _counters = [];
    private IndexDelta[] _deltas = [];
    private UInt128 _digest;

    /// <summary>Writes everything, and says what the graph is then. A read that fails leaves the batch as it was.</summary>
    public async ValueTask<(GraphCounters Counters, IndexSet Indexes)> WriteAsync(
        WriteBatch batch, GraphCounters before, IndexSet indexesBefore, CancellationToken cancellation)
    {
        if (CountLabels())
        {
            await ReadCountersAsync(cancellation);
        }

        _digest = before.Digest;
        IndexSet after = changes.Indexes;
        _deltas = after.Count > 0 ? new IndexDelta[after.Count] : [];
        bool definesNodes = false;
        bool definesEdges = false;
        if (!ReferenceEquals(after, indexesBefore))
        {
            DropIndexes(batch, indexesBefore, after);
            for (int i = 0; i < after.Count; i++)
            {
                _deltas[i].IsNew = !indexesBefore.Contains(after[i]);
                definesNodes |= _deltas[i].IsNew && after[i].Definition.Target == ElementKind.Node;
                definesEdges |= _deltas[i].IsNew && after[i].Definition.Target == ElementKind.Edge;
            }
        }

        WriteNodes(batch, definesNodes);
        WriteEdges(batch, definesEdges);
        WriteCounters(batch);
        after = WriteIndexes(batch, after);
        GraphCounters counters = new(before.Nodes + changes.NodesDelta, before.Edges + changes.EdgesDelta, _digest);
        counters.Write(_pair);
        batch.Put(_pair.Key, _pair.Value);
        return (counters, after);
    }

    private static bool Lacks(LabelSet? labels, string label) => labels is null || !labels.Contains(label);

    /// <summary>Sums up how the numbers of nodes with a label change. False when none does.</summary>
    private bool CountLabels()
    {
        _labels.Clear();
        _counters.Clear();
        foreach (PendingNode node in changes.Nodes)
        {
            if (!node.IsChanged)
            {
                continue;
            }

            LabelSet? before = node.Before?.Labels;
            LabelSet? after = node.Exists ? node.Current(names).Labels : null;
            if (ReferenceEquals(before, after))
            {
                continue;
            }

            CountMissing(before, after, -1);
            CountMissing(after, before, 1);
        }

        return _labels.Count > 0;
    }

    /// <summary>Counts the labels that are in one set and not in the other.</summary>
    private void CountMissing(LabelSet? labels, LabelSet? other, long delta)
    {
        if (labels is null)
        {
            return;
        }

        foreach (string label in labels.AsSpan())
        {
            if (Lacks(other, label))
            {
                _labels[label] = _labels.GetValueOrDefault(label) + delta;
            }
        }
    }

    private async ValueTask ReadCountersAsync(CancellationToken cancellation)
    {
        foreach ((string label, long delta) in _labels)
        {
            if (delta != 0)
            {
                LsmValue found = await tree.GetAsync(_pair.Begin(KeySpace.LabelCounter).Name(label).KeyMemory, at: null, cancellation);
                long before = found.Found ? (long)ElementRecord.ReadNumber(_pair.Key, found.Value.Span) : 0;
                if (before + delta < 0)
                {
                    throw new GraphStoreCorruptException(_pair.Key, $"{-delta} nodes lose a label that it counts on {before}");
                }

                _counters.Add((label, before, before + delta));
            }
        }
    }

    private void DropIndexes(WriteBatch batch, IndexSet before, IndexSet after)
    {
        for (int i = 0; i < before.Count; i++)
        {
            if (!after.Contains(before[i]))
            {
                before[i].Write(_pair);
                Delete(batch);
                batch.DeletePrefix(IndexState.BeginEntry(_pair, before[i].Definition).Key);
            }
        }
    }

    private void WriteNodes(WriteBatch batch, bool definesIndex)
    {
        foreach (PendingNode node in changes.Nodes)
        {
            GraphNode? before = node.Before;
            GraphNode? after = node.Exists && (node.IsChanged || definesIndex) ? node.Current(names) : null;
            if (node.IsChanged)
            {
                if (node.IsStored)
                {
                    _pair.Begin(KeySpace.Node).Id(node.Id).StoredValue(node.StoredValue.Span);
                    TakeOut(batch, isReplaced: after is not null);
                }

                if (after is not null)
                {
                    ElementRecord.WriteNode(_pair, after);
                    Put(batch);
                }

                if (!ReferenceEquals(before?.Labels, after?.Labels))
                {
                    WriteLabels(batch, node.Id, before?.Labels, after?.Labels);
                }
            }

            if (changes.Indexes.HasNodes && (node.IsChanged || definesIndex))
            {
                WriteEntries(batch, ElementKind.Node, node.Id, before?.Properties ?? (node.IsChanged ? null : after?.Properties), after?.Properties);
            }
        }
    }

    private void WriteLabels(WriteBatch batch, ElementId id, LabelSet? before, LabelSet? after)
    {
        foreach (string label in before is null ? [] : before.AsSpan())
        {
            if (Lacks(after, label))
            {
                _pair.Begin(KeySpace.LabelIndex).Name(label).Id(id);
                Delete(batch);
            }
        }

        foreach (string label in after is null ? [] : after.AsSpan())
        {
            if (Lacks(before, label))
            {
                _pair.Begin(KeySpace.LabelIndex).Name(label).Id(id);
                Put(batch);
            }
        }
    }

    private void WriteEdges(WriteBatch batch, bool definesIndex)
    {
        foreach (PendingEdge edge in changes.Edges)
        {
            GraphEdge? before = edge.Before;
            GraphEdge? after = edge.Exists && (edge.IsChanged || definesIndex) ? edge.Current(names) : null;
            if (edge.IsChanged)
            {
                if (edge.IsStored)
                {
                    _pair.Begin(KeySpace.Edge).Id(edge.Id).StoredValue(edge.StoredValue.Span);
                    TakeOut(batch, isReplaced: after is not null);
                }

                if (after is not null)
                {
                    ElementRecord.WriteEdge(_pair, after);
                    Put(batch);
                }

                if (edge.IsStored != edge.Exists)
                {
                    WriteAdjacency(batch, (after ?? before)!, edge.Exists);
                }
            }

            if (changes.Indexes.HasEdges && (edge.IsChanged || definesIndex))
            {
                WriteEntries(batch, ElementKind.Edge, edge.Id, before?.Properties ?? (edge.IsChanged ? null : after?.Properties), after?.Properties);
            }
        }
    }

    private void WriteAdjacency(WriteBatch batch, GraphEdge edge, bool exists)
    {
        _pair.Begin(KeySpace.Outgoing).Id(edge.From).Name(edge.Type).Id(edge.Id).IdValue(edge.To);
        PutOrDelete(batch, exists);
        _pair.Begin(KeySpace.Incoming).Id(edge.To).Name(edge.Type).Id(edge.Id).IdValue(edge.From);
        PutOrDelete(batch, exists);
        _pair.Begin(KeySpace.EdgeTypes).Name(edge.Type).Id(edge.Id);
        PutOrDelete(batch, exists);
    }

    /// <summary>Moves an element from where its properties were to where they are, in each index that it belongs in.</summary>
    private void WriteEntries(WriteBatch batch, ElementKind target, ElementId id, PropertyMap? before, PropertyMap? after)
    {
        for (int i = 0; i < changes.Indexes.Count; i++)
        {
            IndexDefinition index = changes.Indexes[i].Definition;
            if (index.Target != target)
            {
                continue;
            }

            PropertyValue old = default;
            PropertyValue value = default;
            bool had = !_deltas[i].IsNew && before is not null && before.TryGet(index.Key, out old);
            bool has = after is not null && after.TryGet(index.Key, out value);
            if (had && has && old == value)
            {
                continue;
            }

            if (had)
            {
                IndexState.BeginEntry(_pair, index).OrderedValue(old).Id(id);
                batch.Delete(_pair.Key);
                _deltas[i].Remove(_pair.Hash);
            }

            if (has)
            {
                IndexState.BeginEntry(_pair, index).OrderedValue(value).Id(id);
                batch.Put(_pair.Key, []);
                _deltas[i].Add(_pair.Hash);
            }
        }
    }

    private void WriteCounters(WriteBatch batch)
    {
        foreach ((string label, long before, long after) in _counters)
        {
            if (before > 0)
            {
                _pair.Begin(KeySpace.LabelCounter).Name(label).NumberValue((ulong)before);
                _digest = unchecked(_digest - _pair.Hash);
            }

            _pair.Begin(KeySpace.LabelCounter).Name(label).NumberValue((ulong)after);
            if (after > 0)
            {
                Put(batch);
            }
            else
            {
                batch.Delete(_pair.Key);
            }
        }
    }

    private IndexSet WriteIndexes(WriteBatch batch, IndexSet indexes)
    {
        IndexState[]? changed = null;
        for (int i = 0; i < indexes.Count; i++)
        {
            IndexState index = indexes[i];
            IndexDelta delta = _deltas[i];
            if (!delta.IsNew && !delta.IsChanged)
            {
                continue;
            }

            if (!delta.IsNew)
            {
                index.Write(_pair);
                _digest = unchecked(_digest - _pair.Hash);
            }

            if (changed is null)
            {
                changed = new IndexState[indexes.Count];
                for (int j = 0; j < changed.Length; j++)
                {
                    changed[j] = indexes[j];
                }
            }

            changed[i] = new IndexState(index.Definition, index.Entries + delta.Entries, unchecked(index.Digest + delta.Digest));
            changed[i].Write(_pair);
            Put(batch);
        }

        return changed is null ? indexes : new IndexSet(changed);
    }

    /// <summary>Takes the pair out of the digest, and out of the tree unless its key is put again.</summary>
    private void TakeOut(WriteBatch batch, bool isReplaced)
    {
        if (!isReplaced)
        {
            batch.Delete(_pair.Key);
        }

        _digest = unchecked(_digest - _pair.Hash);
    }

    private void PutOrDelete(WriteBatch batch, bool put)
    {
        if (put)
        {
            Put(batch);
        }
        else
        {
            Delete(batch);
        }
    }

    private void Put(WriteBatch batch)
    {
        batch.Put(_pair.Key, _pair.Value);
        _digest = unchecked(_digest + _pair.Hash);
    }

    private void Delete(WriteBatch batch) => TakeOut(batch, isReplaced: false);

    private struct IndexDelta
    {
        public bool IsNew { get; set; }

        public bool IsChanged { get; private set; }

        public long Entries { get; private set; }

        public UInt128 Digest { get; private set; }

        public void Add(UInt128 hash)
        {
            IsChanged = true;
            Entries++;
            Digest = unchecked(Digest + hash);
        }

        public void Remove(UInt128 hash)
        {
            IsChanged = true;
            Entries--;
            Digest = unchecked(Digest - hash);
        }
    }
}
