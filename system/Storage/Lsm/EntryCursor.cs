// The one shape in which memtables, tables and merges of them are walked. Order: keys ascending as unsigned bytes, and within a key the
// newest version (the highest sequence) first. What a cursor shows lies in arrays that it names by fields of this class, so that reading it costs no
// virtual call: a merge of many cursors compares keys all the time.
// Concurrency: one owner, one call at a time. What it shows is valid until its next move.

namespace SimGraph.Storage.Lsm;

/// <summary>A position among versions in internal order. Not positioned until the first seek.</summary>
internal abstract class EntryCursor
{
    private byte[] _keyArray = [];
    private int _keyOffset;
    private int _keyLength;
    private byte[] _valueArray = [];
    private int _valueOffset;
    private int _valueLength;

    /// <summary>False before the first seek, and when moved beyond either end.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Key of the version.</summary>
    public ReadOnlySpan<byte> Key => new(_keyArray, _keyOffset, _keyLength);

    /// <summary>The same bytes as <see cref="Key"/>.</summary>
    public ReadOnlyMemory<byte> KeyMemory => new(_keyArray, _keyOffset, _keyLength);

    /// <summary>Sequence number of the batch that made the version.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Put or delete.</summary>
    public EntryKind Kind { get; private set; }

    /// <summary>Value of a put; empty for a delete.</summary>
    public ReadOnlyMemory<byte> Value => new(_valueArray, _valueOffset, _valueLength);

    /// <summary>Moves to the first version at or behind (key, sequence) in internal order; <see cref="ulong.MaxValue"/> means the newest.</summary>
    public abstract ValueTask SeekAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken);

    /// <summary>Moves to the first version of all.</summary>
    public abstract ValueTask SeekToFirstAsync(CancellationToken cancellationToken);

    /// <summary>Moves to the last version of all.</summary>
    public abstract ValueTask SeekToLastAsync(CancellationToken cancellationToken);

    /// <summary>Moves to the last version whose key is below <paramref name="key"/>.</summary>
    public abstract ValueTask SeekBeforeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>
    /// Moves to the next version without waiting. True: moved, and <see cref="IsValid"/> says whether there is one. False: nothing has changed, the
    /// next version is not in memory; call <see cref="MoveNextAsync"/>. The cursor must be valid.
    /// </summary>
    public abstract bool TryMoveNext();

    /// <summary>As <see cref="TryMoveNext"/>, towards the first version.</summary>
    public abstract bool TryMovePrevious();

    /// <summary>Moves to the next version, reading it if need be. The cursor must be valid.</summary>
    public abstract ValueTask MoveNextAsync(CancellationToken cancellationToken);

    /// <summary>Moves to the version before, reading it if need be. The cursor must be valid.</summary>
    public abstract ValueTask MovePreviousAsync(CancellationToken cancellationToken);

    /// <summary>Makes the cursor show a version.</summary>
    protected void Show(byte[] keyArray, int keyOffset, int keyLength, ulong sequence, EntryKind kind, byte[] valueArray, int valueOffset, int valueLength)
    {
        // References are stored only when they change: a store of one is far dearer than a comparison.
        if (!ReferenceEquals(_keyArray, keyArray))
        {
            _keyArray = keyArray;
        }

        if (!ReferenceEquals(_valueArray, valueArray))
        {
            _valueArray = valueArray;
        }

        _keyOffset = keyOffset;
        _keyLength = keyLength;
        _valueOffset = valueOffset;
        _valueLength = valueLength;
        Sequence = sequence;
        Kind = kind;
        IsValid = true;
    }

    /// <summary>Makes the cursor show what another one shows.</summary>
    protected void ShowSame(EntryCursor other) => Show(
        other._keyArray, other._keyOffset, other._keyLength, other.Sequence, other.Kind, other._valueArray, other._valueOffset, other._valueLength);

    /// <summary>Makes the cursor show nothing.</summary>
    protected void ShowNothing()
    {
        _keyArray = [];
        _valueArray = [];
        _keyOffset = _keyLength = _valueOffset = _valueLength = 0;
        Sequence = 0;
        Kind = EntryKind.Delete;
        IsValid = false;
    }
}
