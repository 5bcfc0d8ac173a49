// Writes a table front to back, in large positional writes, and flushes it once at the end. Memory: the output buffer, the index and eight bytes for each
// key (for the filter), all bounded by the size of a table.
// Faults: any failed disk call leaves a file of no use. The writer says so by the exception, takes nothing more, and its owner abandons it, deletes
// the file and writes another under another number; nothing refers to a table before it is finished.

using K4os.Compression.LZ4;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Writes one table. One owner, one call at a time.</summary>
internal sealed class TableWriter
{
    private const int WriteBytes = 128 << 10;
    private readonly IFile _file;
    private readonly ulong _number;
    private readonly TableOptions _options;
    private readonly OutputBuffer _buffer = new(WriteBytes + (16 << 10));
    private readonly DataBlockBuilder _block;
    private readonly TableIndexBuilder _index = new();
    private readonly List<ulong> _hashes = [];
    private readonly List<RangeTombstone> _tombstones = [];
    private byte[] _compressed = [];
    private byte[] _lastKey = new byte[64];
    private byte[] _firstKey = [];
    private int _lastKeyLength;
    private ulong _lastSequence;
    private int _blockStart;
    private long _fileOffset;
    private long _entries;
    private long _deletes;
    private long _rawKeyBytes;
    private long _rawValueBytes;
    private ulong _smallestSequence = ulong.MaxValue;
    private ulong _largestSequence;
    private bool _isUsable = true;

    private TableWriter(IFile file, ulong number, TableOptions options)
    {
        _file = file;
        _number = number;
        _options = options;
        _block = new DataBlockBuilder(_buffer, options.RestartInterval);
    }

    /// <summary>Bytes of the file so far, what is still buffered included.</summary>
    public long BytesWritten => _fileOffset + _buffer.Length;

    private ReadOnlySpan<byte> LastKey => _lastKey.AsSpan(0, _lastKeyLength);

    /// <summary>Creates the file; there must be none.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="number">The table's number: it goes into every checksum and into the filter, so that no table can pass for another.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TableWriter> CreateAsync(
        IDisk disk, string path, ulong number, TableOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        return new TableWriter(await disk.OpenAsync(path, FileOpenMode.CreateNew, cancellationToken), number, options);
    }

    /// <summary>Adds a version, behind the one before in internal order.</summary>
    public async ValueTask AddAsync(
        ReadOnlyMemory<byte> key, ulong sequence, EntryKind kind, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Add(key.Span, sequence, kind, value.Span);
        if (_blockStart >= WriteBytes)
        {
            await WriteOutAsync(_blockStart, cancellationToken);
        }
    }

    /// <summary>Adds a range tombstone, in any order. Its bounds are copied.</summary>
    public void AddRangeTombstone(in RangeTombstone tombstone)
    {
        Invariant.Check(_isUsable, "a table is written to after it failed or ended");
        Invariant.Check(tombstone.Start.Span.SequenceCompareTo(tombstone.End.Span) < 0, "a range tombstone covers nothing");
        Invariant.Check(tombstone.End.Length <= TableLimits.BoundBytesMax, "a bound of a range is too long");
        Invariant.Check(tombstone.Start.Length <= TableLimits.BoundBytesMax, "a bound of a range is too long");
        _tombstones.Add(new RangeTombstone(tombstone.Start.ToArray(), tombstone.End.ToArray(), tombstone.Sequence));
        NoteSequence(tombstone.Sequence);
    }

    /// <summary>Writes what is left, flushes the file and closes it. The caller flushes the folder.</summary>
    /// <exception cref="DiskException">The table is of no use: abandon it.</exception>
    public async Task<TableSummary> FinishAsync(CancellationToken cancellationToken)
    {
        Invariant.Check(_isUsable, "a table is written to after it failed or ended");
        Invariant.Check(_entries > 0 || _tombstones.Count > 0, "a table holds nothing");
        TableSummary summary = End();
        await WriteOutAsync(_buffer.Length, cancellationToken);
        _isUsable = false;
        await _file.FlushAsync(cancellationToken);
        await _file.DisposeAsync();
        return summary;
    }

    /// <summary>Closes the file, which is of no use; the caller deletes it. Idempotent, and harmless after <see cref="FinishAsync"/>.</summary>
    public async Task AbandonAsync()
    {
        _isUsable = false;
        await _file.DisposeAsync();
    }

    private void Add(ReadOnlySpan<byte> key, ulong sequence, EntryKind kind, ReadOnlySpan<byte> value)
    {
        Invariant.Check(_isUsable, "a table is written to after it failed or ended");
        Invariant.Check(key.Length <= TableLimits.KeyBytesMax, "a key is too long for a table");
        Invariant.Check(value.Length <= TableLimits.ValueBytesMax, "a value is too long for a table");
        Invariant.Check(kind == EntryKind.Put || value.IsEmpty, "a delete has a value");
        int order = _entries == 0 ? -1 : LastKey.SequenceCompareTo(key);
        Invariant.Check(order < 0 || (order == 0 && sequence < _lastSequence), "versions are added out of order");
        if (_block.IsEmpty)
        {
            BeginBlock();
        }
        else if (_block.Bytes + key.Length + value.Length > _options.BlockBytes)
        {
            _index.Add(EndBlock(), LastKey, key, sequence);
            BeginBlock();
        }

        _block.Add(LastKey, key, sequence, kind, value);
        if (order != 0)
        {
            Remember(key);
        }

        _lastSequence = sequence;
        _entries++;
        _deletes += kind == EntryKind.Delete ? 1 : 0;
        _rawKeyBytes += key.Length;
        _rawValueBytes += value.Length;
        NoteSequence(sequence);
    }

    private void Remember(ReadOnlySpan<byte> key)
    {
        if (_entries == 0)
        {
            _firstKey = key.ToArray();
        }

        if (_options.BloomBitsPerKey > 0)
        {
            _hashes.Add(BloomFilter.HashOf(key));
        }

        if (key.Length > _lastKey.Length)
        {
            _lastKey = new byte[Math.Max(key.Length, 2 * _lastKey.Length)];
        }

        key.CopyTo(_lastKey);
        _lastKeyLength = key.Length;
    }

    private void NoteSequence(ulong sequence)
    {
        _smallestSequence = Math.Min(_smallestSequence, sequence);
        _largestSequence = Math.Max(_largestSequence, sequence);
    }

    private void BeginBlock()
    {
        BeginFrame();
        _block.Begin();
    }

    private void BeginFrame()
    {
        _blockStart = _buffer.Length;
        _buffer.Reserve(BlockFrame.HeaderBytes);
        _buffer.Advance(BlockFrame.HeaderBytes);
    }

    // Returns the length of the block.
    private int EndBlock()
    {
        _block.End();
        int decodedBytes = _buffer.Length - _blockStart - BlockFrame.HeaderBytes;
        BlockEncoding encoding = _options.Compress && TryCompress(decodedBytes) ? BlockEncoding.Lz4 : BlockEncoding.Plain;
        return EndFrame(BlockKind.Data, encoding, decodedBytes);
    }

    private int EndFrame(BlockKind kind, BlockEncoding encoding, int decodedBytes)
    {
        BlockFrame.Seal(_buffer.From(_blockStart), _number, _fileOffset + _blockStart, kind, encoding, decodedBytes);
        int bytes = _buffer.Length - _blockStart;
        _blockStart = _buffer.Length;
        return bytes;
    }

    private bool TryCompress(int decodedBytes)
    {
        int most = LZ4Codec.MaximumOutputSize(decodedBytes);
        if (_compressed.Length < most)
        {
            _compressed = new byte[most];
        }

        int payload = _blockStart + BlockFrame.HeaderBytes;
        int bytes = LZ4Codec.Encode(_buffer.From(payload), _compressed);
        if (bytes <= 0 || bytes > decodedBytes - (decodedBytes / 8))
        {
            return false;
        }

        _buffer.CutTo(payload);
        _buffer.Write(_compressed.AsSpan(0, bytes));
        return true;
    }

    private TableSummary End()
    {
        if (!_block.IsEmpty)
        {
            _index.AddLast(EndBlock());
        }

        _tombstones.Sort(RangeTombstoneBlock.Compare);
        BeginFrame();
        RangeTombstoneBlock.Write(_buffer, _tombstones);
        int tombstoneBytes = EndPlainFrame(BlockKind.RangeTombstones);
        BeginFrame();
        BloomFilter.Build(_buffer, _hashes, _options.BloomBitsPerKey, _number);
        int filterBytes = EndPlainFrame(BlockKind.Filter);
        BeginFrame();
        _index.WriteTo(_buffer);
        int indexBytes = EndPlainFrame(BlockKind.Index);
        BeginFrame();
        TableSummary summary = Summarize();
        TableProperties.Write(_buffer, summary, _index.Count);
        int propertiesBytes = EndPlainFrame(BlockKind.Properties);
        long length = BytesWritten + TableFooter.Bytes;
        var footer = new TableFooter(
            TableFooter.CurrentVersion, _number, length, (uint)tombstoneBytes, (uint)filterBytes, (uint)indexBytes, (uint)propertiesBytes);
        footer.Write(_buffer);
        return summary with { Length = length };
    }

    private int EndPlainFrame(BlockKind kind) => EndFrame(kind, BlockEncoding.Plain, _buffer.Length - _blockStart - BlockFrame.HeaderBytes);

    private TableSummary Summarize()
    {
        ReadOnlyMemory<byte> smallest = _entries > 0 ? _firstKey : _tombstones[0].Start;
        ReadOnlyMemory<byte> largest = _entries > 0 ? LastKey.ToArray() : _tombstones[0].End;
        foreach (RangeTombstone tombstone in _tombstones)
        {
            smallest = tombstone.Start.Span.SequenceCompareTo(smallest.Span) < 0 ? tombstone.Start : smallest;
            largest = tombstone.End.Span.SequenceCompareTo(largest.Span) > 0 ? tombstone.End : largest;
        }

        return new TableSummary(
            0, _entries, _deletes, smallest, largest, _smallestSequence, _largestSequence, _rawKeyBytes, _rawValueBytes, _tombstones.Count);
    }

    // Writes the first bytes of the buffer; an open block stays in it.
    private async ValueTask WriteOutAsync(int count, CancellationToken cancellationToken)
    {
        _isUsable = false;
        await _file.WriteAsync(_fileOffset, _buffer.Memory[..count], cancellationToken);
        _fileOffset += count;
        _buffer.RemoveFirst(count);
        _blockStart -= count;
        _block.MoveBack(count);
        _isUsable = true;
    }
}
