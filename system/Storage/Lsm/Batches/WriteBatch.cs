// A set of changes that take effect together, at one sequence number: the unit of a log entry, of a memtable insert and of visibility.
//
// Semantics: the last change of a key wins. Deleting a range forgets the earlier changes of the batch inside it; later ones survive it, because a
// range tombstone hides only versions with a lower sequence and all of a batch have the same one.
//
// Structure: keys and values lie one behind the other in one array; a hash table finds the change of a key; key order is established once, when
// somebody asks for it, and costs nothing if the changes came in that order. Format of the encoded batch: docs/formats.md.
// Concurrency: one owner, one call at a time.

using System.IO.Hashing;

namespace SimGraph.Storage.Lsm;

/// <summary>Puts, deletes and range deletes that are applied together. Reusable. Not thread-safe.</summary>
public sealed partial class WriteBatch
{
    /// <summary>Longest key in bytes that any tree can hold.</summary>
    public const int KeyBytesMax = 64 << 10;

    /// <summary>Most bytes of keys and values of a batch.</summary>
    public const int BytesMax = 1 << 30;

    private const int BytesPerChange = 16;
    private byte[] _arena = [];
    private int _arenaBytes;
    private Change[] _changes = [];
    private int _changeCount;
    private int _liveCount;
    private int[] _buckets = [];
    private readonly List<(Slice Start, Slice End)> _ranges = [];
    private int[] _order = [];
    private bool _orderKnown = true;
    private bool _ascending = true;

    /// <summary>Changes of single keys plus deleted ranges.</summary>
    public int Count => _liveCount + _ranges.Count;

    /// <summary>Changes of single keys; what <see cref="ChangeAt"/> counts.</summary>
    public int ChangeCount => _liveCount;

    /// <summary>About how much memory the changes take in a memtable.</summary>
    public long Bytes => _arenaBytes + ((long)Count * BytesPerChange);

    internal int RangeCount => _ranges.Count;

    /// <summary>Longest key that was ever added since the last clear, bounds of ranges included.</summary>
    internal int LongestKeyBytes { get; private set; }

    /// <summary>Longest value that was ever added since the last clear.</summary>
    internal int LongestValueBytes { get; private set; }

    /// <summary>Sets the value of a key.</summary>
    /// <exception cref="ArgumentException">The key is empty or too long, or the batch too large.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Set(key, EntryKind.Put, value);

    /// <summary>Deletes a key; no error if there is none.</summary>
    /// <exception cref="ArgumentException">The key is empty or too long, or the batch too large.</exception>
    public void Delete(ReadOnlySpan<byte> key) => Set(key, EntryKind.Delete, []);

    /// <summary>Deletes all keys in [start, end), those changed earlier in this batch included. Nothing happens if the range is empty.</summary>
    /// <exception cref="ArgumentException">A bound is too long, or the batch too large.</exception>
    public void DeleteRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        if (start.SequenceCompareTo(end) >= 0)
        {
            return;
        }

        CheckRoom(start.Length, end.Length);
        for (int i = 0; i < _changeCount; i++)
        {
            ref Change change = ref _changes[i];
            ReadOnlySpan<byte> key = BytesOf(change.Key);
            if (!change.Dropped && start.SequenceCompareTo(key) <= 0 && key.SequenceCompareTo(end) < 0)
            {
                change.Dropped = true;
                _liveCount--;
                _orderKnown = false;
            }
        }

        AddRange(start, end);
    }

    /// <summary>Deletes all keys that begin with a prefix.</summary>
    /// <exception cref="ArgumentException">No key lies behind those with the prefix: it is empty or all its bytes are 255.</exception>
    public void DeletePrefix(ReadOnlySpan<byte> prefix)
    {
        ReadOnlyMemory<byte>? end = LsmRange.EndOfPrefix(prefix);
        if (end is not { } bound)
        {
            throw new ArgumentException("a prefix to delete needs a byte other than 255", nameof(prefix));
        }

        DeleteRange(prefix, bound.Span);
    }

    /// <summary>What the batch says about a key. False: nothing, what is stored counts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value if it was put; valid until <see cref="Clear"/>.</param>
    /// <param name="deleted">True if the batch deletes it.</param>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value, out bool deleted)
    {
        int index = Find(key, HashOf(key));
        if (index >= 0 && !_changes[index].Dropped)
        {
            value = Memory(_changes[index].Value);
            deleted = _changes[index].Kind == EntryKind.Delete;
            return true;
        }

        value = default;
        deleted = IsInDeletedRange(key);
        return deleted;
    }

    /// <summary>True if a range that the batch deletes holds the key; a change of the key itself comes on top.</summary>
    public bool IsInDeletedRange(ReadOnlySpan<byte> key)
    {
        foreach ((Slice start, Slice end) in _ranges)
        {
            if (BytesOf(start).SequenceCompareTo(key) <= 0 && key.SequenceCompareTo(BytesOf(end)) < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The change at a position in key order, 0 to <see cref="ChangeCount"/> - 1. Valid until <see cref="Clear"/>.</summary>
    public WriteBatchChange ChangeAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _liveCount);
        EstablishOrder();
        ref Change change = ref _changes[_order[position]];
        return new WriteBatchChange(Memory(change.Key), Memory(change.Value), change.Kind == EntryKind.Delete);
    }

    /// <summary>Forgets all changes and keeps the memory. What was handed out before must no longer be used.</summary>
    public void Clear()
    {
        _arenaBytes = 0;
        _changeCount = 0;
        _liveCount = 0;
        LongestKeyBytes = 0;
        LongestValueBytes = 0;
        _ranges.Clear();
        _orderKnown = true;
        _ascending = true;
        Array.Clear(_buckets);
    }

    /// <summary>Adds all changes of another batch behind those of this one.</summary>
    public void Append(WriteBatch later)
    {
        ArgumentNullException.ThrowIfNull(later);
        ArgumentOutOfRangeException.ThrowIfEqual(ReferenceEquals(later, this), true, nameof(later));
        for (int i = 0; i < later._ranges.Count; i++)
        {
            DeleteRange(later.BytesOf(later._ranges[i].Start), later.BytesOf(later._ranges[i].End));
        }

        // What a batch changes inside its own deleted ranges came behind them.
        for (int i = 0; i < later._changeCount; i++)
        {
            ref Change change = ref later._changes[i];
            if (!change.Dropped)
            {
                Set(later.BytesOf(change.Key), change.Kind, later.BytesOf(change.Value));
            }
        }
    }

    /// <summary>Establishes key order once; <see cref="GetChange"/> is then cheap.</summary>
    internal void EstablishOrder()
    {
        if (_orderKnown)
        {
            return;
        }

        if (_order.Length < _liveCount)
        {
            _order = new int[Math.Max(_liveCount, _changes.Length)];
        }

        int count = 0;
        for (int i = 0; i < _changeCount; i++)
        {
            if (!_changes[i].Dropped)
            {
                _order[count++] = i;
            }
        }

        if (!_ascending)
        {
            _order.AsSpan(0, count).Sort(CompareKeys);
        }

        _orderKnown = true;
    }

    internal void GetChange(int position, out ReadOnlySpan<byte> key, out EntryKind kind, out ReadOnlySpan<byte> value)
    {
        ref Change change = ref _changes[_order[position]];
        key = BytesOf(change.Key);
        kind = change.Kind;
        value = BytesOf(change.Value);
    }

    internal void GetRange(int index, out ReadOnlySpan<byte> start, out ReadOnlySpan<byte> end)
    {
        start = BytesOf(_ranges[index].Start);
        end = BytesOf(_ranges[index].End);
    }

    private static uint HashOf(ReadOnlySpan<byte> key) => (uint)XxHash3.HashToUInt64(key);

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > KeyBytesMax)
        {
            throw new ArgumentException($"a key of {key.Length} bytes is outside the limits of 1 to {KeyBytesMax}", nameof(key));
        }
    }

    private void Set(ReadOnlySpan<byte> key, EntryKind kind, ReadOnlySpan<byte> value)
    {
        CheckKey(key);
        CheckRoom(key.Length, value.Length);
        uint hash = HashOf(key);
        int index = Find(key, hash);
        if (index >= 0)
        {
            ref Change change = ref _changes[index];
            change.Kind = kind;
            change.Value = Store(value);
            LongestValueBytes = Math.Max(LongestValueBytes, value.Length);
            if (change.Dropped)
            {
                change.Dropped = false;
                _liveCount++;
                _orderKnown = false;
            }

            return;
        }

        Add(key, kind, value, hash);
    }

    private void AddRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        LongestKeyBytes = Math.Max(LongestKeyBytes, Math.Max(start.Length, end.Length));
        _ranges.Add((Store(start), Store(end)));
    }

    private void Add(ReadOnlySpan<byte> key, EntryKind kind, ReadOnlySpan<byte> value, uint hash)
    {
        if (_changeCount == _changes.Length)
        {
            Array.Resize(ref _changes, Math.Max(16, _changes.Length * 2));
            Rehash();
        }

        if (_ascending && _changeCount > 0 && BytesOf(_changes[_changeCount - 1].Key).SequenceCompareTo(key) >= 0)
        {
            _ascending = false;
        }

        ref int bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _changes[_changeCount] = new Change
        {
            Key = Store(key), Value = Store(value), Kind = kind, Hash = hash, Next = bucket,
        };
        LongestKeyBytes = Math.Max(LongestKeyBytes, key.Length);
        LongestValueBytes = Math.Max(LongestValueBytes, value.Length);
        bucket = ++_changeCount;
        _liveCount++;
        _orderKnown = false;
    }

    private int Find(ReadOnlySpan<byte> key, uint hash)
    {
        if (_changeCount == 0)
        {
            return -1;
        }

        int next = _buckets[hash & (uint)(_buckets.Length - 1)];
        while (next != 0)
        {
            ref Change change = ref _changes[next - 1];
            if (change.Hash == hash && BytesOf(change.Key).SequenceEqual(key))
            {
                return next - 1;
            }

            next = change.Next;
        }

        return -1;
    }

    private void Rehash()
    {
        _buckets = new int[_changes.Length];
        for (int i = 0; i < _changeCount; i++)
        {
            ref int bucket = ref _buckets[_changes[i].Hash & (uint)(_buckets.Length - 1)];
            _changes[i].Next = bucket;
            bucket = i + 1;
        }
    }

    private void CheckRoom(int first, int second)
    {
        if (first > KeyBytesMax || (long)_arenaBytes + first + second > BytesMax)
        {
            throw new ArgumentException($"the batch would exceed its limit of {BytesMax} bytes, or a key its limit of {KeyBytesMax}");
        }
    }

    private Slice Store(ReadOnlySpan<byte> bytes)
    {
        if (_arena.Length - _arenaBytes < bytes.Length)
        {
            // What was handed out keeps the array before; its bytes do not change any more.
            Array.Resize(ref _arena, (int)Math.Min(Array.MaxLength, Math.Max(256, Math.Max(_arenaBytes + (long)bytes.Length, _arena.Length * 2L))));
        }

        bytes.CopyTo(_arena.AsSpan(_arenaBytes));
        var slice = new Slice(_arenaBytes, bytes.Length);
        _arenaBytes += bytes.Length;
        return slice;
    }

    private int CompareKeys(int left, int right) => BytesOf(_changes[left].Key).SequenceCompareTo(BytesOf(_changes[right].Key));

    private ReadOnlySpan<byte> BytesOf(Slice slice) => _arena.AsSpan(slice.Offset, slice.Length);

    private ReadOnlyMemory<byte> Memory(Slice slice) => _arena.AsMemory(slice.Offset, slice.Length);

    private readonly record struct Slice(int Offset, int Length);

    private struct Change
    {
        public Slice Key;
        public Slice Value;
        public EntryKind Kind;
        public bool Dropped;
        public uint Hash;

        /// <summary>Index plus one of the next change in the bucket.</summary>
        public int Next;
    }
}
