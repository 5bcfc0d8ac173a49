// The newest changes, in memory. Written by one writer, read by anyone without locks; a reader passes the sequence up to which it may see, and the
// tree raises that only when a batch is in whole. Not empty means that something was applied to it, whatever that was: deletes and range deletes hide
// what lies in tables, and must be flushed like any put.

namespace SimGraph.Storage.Lsm.Memtables;

/// <summary>A sorted set of versions and range tombstones that grows until it is closed and flushed.</summary>
internal sealed class Memtable
{
    /// <summary>Bytes that a range tombstone is counted with, beside its bounds.</summary>
    private const int TombstoneBytes = 64;

    private readonly SkipList _list = new();
    private RangeTombstoneSet _tombstones = RangeTombstoneSet.Empty;
    private long _tombstoneBytes;
    private ulong _lastSequence;
    private long _entries;

    /// <summary>Sequence of the last batch applied to it; 0 if none was.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Versions in it, deletes included.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Its range tombstones.</summary>
    public RangeTombstoneSet Tombstones => Volatile.Read(ref _tombstones);

    /// <summary>True if it holds nothing that a table would have to hold.</summary>
    public bool HoldsNothing => Entries == 0 && Tombstones.Count == 0;

    /// <summary>Memory in use.</summary>
    public long Bytes => _list.Bytes + Volatile.Read(ref _tombstoneBytes);

    /// <summary>Adds all changes of a batch. Writer only. Readers that may see the sequence already would see half of it.</summary>
    public void Apply(WriteBatch batch, ulong sequence)
    {
        for (int i = 0; i < batch.RangeCount; i++)
        {
            batch.GetRange(i, out ReadOnlySpan<byte> start, out ReadOnlySpan<byte> end);
            Volatile.Write(ref _tombstones, _tombstones.With(new RangeTombstone(start.ToArray(), end.ToArray(), sequence)));
            Volatile.Write(ref _tombstoneBytes, _tombstoneBytes + start.Length + end.Length + TombstoneBytes);
        }

        batch.EstablishOrder();
        int count = batch.ChangeCount;
        for (int i = 0; i < count; i++)
        {
            batch.GetChange(i, out ReadOnlySpan<byte> key, out EntryKind kind, out ReadOnlySpan<byte> value);
            _list.Add(key, sequence, kind, value);
        }

        Volatile.Write(ref _entries, _entries + count);
        Volatile.Write(ref _lastSequence, sequence);
    }

    /// <summary>The newest version of the key with a sequence of at most <paramref name="sequence"/>.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong sequence, out EntryKind kind, out ulong found, out ReadOnlyMemory<byte> value)
    {
        int node = _list.FindAtOrBehind(key, sequence);
        if (node != 0)
        {
            _list.Read(node, out byte[] data, out int offset, out int keyLength, out int valueLength, out found, out kind);
            if (key.SequenceEqual(data.AsSpan(offset, keyLength)))
            {
                value = data.AsMemory(offset + keyLength, valueLength);
                return true;
            }
        }

        kind = EntryKind.Delete;
        found = 0;
        value = default;
        return false;
    }

    /// <summary>A cursor over its versions.</summary>
    public EntryCursor OpenCursor() => new SkipListCursor(_list);
}
