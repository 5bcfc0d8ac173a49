// Stand-in for the tree until it is merged; deleted then.
#nullable enable
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Storage.Lsm;

public sealed class LsmSnapshot(ulong sequence) : IDisposable
{
    public ulong Sequence { get; } = sequence;
    public void Dispose() { }
}

internal sealed class KeyOrder : IComparer<byte[]>
{
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}

public sealed class LsmCursor(List<KeyValuePair<byte[], byte[]>> items) : IAsyncDisposable
{
    private int _at = -1;
    public bool IsValid => _at >= 0 && _at < items.Count;
    public ReadOnlyMemory<byte> Key => items[_at].Key;
    public ReadOnlyMemory<byte> Value => items[_at].Value;
    public async ValueTask MoveToFirstAsync(CancellationToken ct) { await ValueTask.CompletedTask; _at = 0; }
    public async ValueTask SeekAsync(ReadOnlyMemory<byte> key, CancellationToken ct)
    {
        await ValueTask.CompletedTask;
        _at = items.FindIndex(p => p.Key.AsSpan().SequenceCompareTo(key.Span) >= 0);
        if (_at < 0) { _at = items.Count; }
    }
    public bool TryMoveNext() { _at++; return true; }
    public async ValueTask MoveNextAsync(CancellationToken ct) { await ValueTask.CompletedTask; _at++; }
    public async ValueTask DisposeAsync() => await ValueTask.CompletedTask;
}

public sealed class LsmTree
{
    private readonly SortedDictionary<byte[], List<(ulong Sequence, byte[]? Value)>> _map = new(new KeyOrder());
    public ulong LastSequence { get; private set; }
    public ulong DurableSequence => 0;
    public static async Task<LsmTree> OpenAsync(IPlatform platform, TaskScope owner, LsmOptions options, CancellationToken cancellation) { await Task.CompletedTask; return new LsmTree(); }
    public async ValueTask ApplyAsync(WriteBatch batch, ulong sequence, CancellationToken ct)
    {
        await ValueTask.CompletedTask;
        Invariant.Check(sequence > LastSequence, "sequences grow");
        for (int i = 0; i < batch.RangeCount; i++)
        {
            batch.GetRange(i, out ReadOnlySpan<byte> start, out ReadOnlySpan<byte> end);
            foreach ((byte[] key, List<(ulong Sequence, byte[]? Value)> versions) in _map)
            {
                if (key.AsSpan().SequenceCompareTo(start) >= 0 && key.AsSpan().SequenceCompareTo(end) < 0) { versions.Add((sequence, null)); }
            }
        }
        for (int i = 0; i < batch.ChangeCount; i++)
        {
            WriteBatchChange change = batch.ChangeAt(i);
            byte[] key = change.Key.ToArray();
            byte[]? value = change.IsDelete ? null : change.Value.ToArray();
            if (!_map.TryGetValue(key, out List<(ulong Sequence, byte[]? Value)>? versions)) { _map[key] = versions = []; }
            versions.Add((sequence, value));
        }
        LastSequence = sequence;
    }
    public async ValueTask<LsmValue> GetAsync(ReadOnlyMemory<byte> key, LsmSnapshot? at, CancellationToken ct)
    {
        await ValueTask.CompletedTask;
        byte[]? found = _map.TryGetValue(key.ToArray(), out List<(ulong Sequence, byte[]? Value)>? versions) ? Visible(versions, at) : null;
        return new LsmValue(found is not null, found);
    }
    public LsmSnapshot TakeSnapshot() => new(LastSequence);
    public LsmCursor OpenCursor(LsmRange range, LsmSnapshot? at) => new([.. _map
        .Where(p => (range.Start is not { } s || p.Key.AsSpan().SequenceCompareTo(s.Span) >= 0) && (range.End is not { } e || p.Key.AsSpan().SequenceCompareTo(e.Span) < 0))
        .Select(p => KeyValuePair.Create(p.Key, Visible(p.Value, at)!)).Where(p => p.Value is not null)]);
    public async Task FlushAsync(CancellationToken ct) => await Task.CompletedTask;
    public async Task CompactAsync(LsmRange range, CancellationToken ct) => await Task.CompletedTask;
    public async Task StopAsync() => await Task.CompletedTask;
    private static byte[]? Visible(List<(ulong Sequence, byte[]? Value)> versions, LsmSnapshot? at) =>
        versions.LastOrDefault(v => v.Sequence <= (at?.Sequence ?? ulong.MaxValue)).Value;
}
