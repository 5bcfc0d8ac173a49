// An open table. Index, filter and range tombstones are in memory; data blocks come from the cache or by one positional read each, so any number of
// lookups and cursors work at the same time without knowing of each other.
// Faults: a table is durable before anything refers to it, so whatever does not hold together is damage and is reported as such, with the place; a read that failed
// is the disk's exception, leaves nothing behind, and may be tried again.

using K4os.Compression.LZ4;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Reads one table. Thread-safe; a cursor has one owner.</summary>
internal sealed class TableReader : IAsyncDisposable
{
    private readonly IFile _file;
    private readonly TableParts _parts;
    private readonly BlockShelf _shelf;

    private TableReader(IFile file, ulong number, TableParts parts, BlockCache cache)
    {
        _file = file;
        Number = number;
        _parts = parts;
        _shelf = new BlockShelf(cache, parts.Index.Count);
    }

    /// <summary>The table's number.</summary>
    public ulong Number { get; }

    /// <summary>What it holds.</summary>
    public TableSummary Summary => _parts.Summary;

    /// <summary>Its range tombstones, ordered by start, end and then the highest sequence first.</summary>
    public IReadOnlyList<RangeTombstone> RangeTombstones => _parts.RangeTombstones;

    /// <summary>Bytes of memory it holds while open, cached blocks not counted.</summary>
    public long ResidentBytes => _parts.ResidentBytes;

    internal string Path => _file.Path;

    internal TableIndex Index => _parts.Index;

    /// <summary>Opens a table, and reads its index, filter and range tombstones into memory.</summary>
    /// <exception cref="LsmCorruptException">It is not whole, or not the table of this number and length.</exception>
    /// <exception cref="DiskException">It is not there, or could not be read.</exception>
    public static async Task<TableReader> OpenAsync(
        IDisk disk, string path, ulong number, long expectedLength, BlockCache cache, CancellationToken cancellationToken)
    {
        IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        try
        {
            TableParts parts = await TableParts.ReadAsync(file, number, expectedLength, cancellationToken);
            return new TableReader(file, number, parts, cache);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the filter is asked with: the same for all tables, so that a lookup in many tables hashes its key once.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => BloomFilter.HashOf(key);

    /// <summary>False: the table has no version of a key of this hash.</summary>
    public bool MayContain(ulong keyHash) => _parts.Filter.MayContain(keyHash);

    /// <summary>The newest version of the key whose sequence is at most <paramref name="sequence"/>.</summary>
    public async ValueTask<TableLookup> FindAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken) =>
        await FindAsync(key, HashOf(key.Span), sequence, cancellationToken);

    /// <summary>The same, with <see cref="HashOf"/> the key at hand.</summary>
    public async ValueTask<TableLookup> FindAsync(
        ReadOnlyMemory<byte> key, ulong keyHash, ulong sequence, CancellationToken cancellationToken)
    {
        if (TryFind(key.Span, keyHash, sequence, out TableLookup lookup))
        {
            return lookup;
        }

        for (int index = Index.Find(key.Span, sequence); index < Index.Count; index++)
        {
            TableBlock block = _shelf.Find(index) ?? await ReadBlockAsync(index, cancellationToken);
            if (Decides(block, index, key.Span, sequence, out lookup))
            {
                break;
            }
        }

        return lookup;
    }

    /// <summary>The same without waiting and without allocating. False: a block must be read; call <see cref="FindAsync(ReadOnlyMemory{byte}, ulong, ulong, CancellationToken)"/>.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong keyHash, ulong sequence, out TableLookup lookup)
    {
        lookup = default;
        if (!MayContain(keyHash))
        {
            return true;
        }

        for (int index = Index.Find(key, sequence); index >= 0 && index < Index.Count; index++)
        {
            if (_shelf.Find(index) is not { } block)
            {
                return false;
            }

            if (Decides(block, index, key, sequence, out lookup))
            {
                break;
            }
        }

        return true;
    }

    /// <summary>A cursor over all versions. With <paramref name="fillCache"/> false, blocks read for it do not displace others (compaction, verify).</summary>
    public EntryCursor OpenCursor(bool fillCache) => new TableCursor(this, fillCache);

    /// <summary>Reads the whole file: every checksum, the order of the versions, and that the counts are those of the properties.</summary>
    /// <exception cref="LsmCorruptException">The first thing that does not hold.</exception>
    public async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        TableParts again = await TableParts.ReadAsync(_file, Number, Summary.Length, cancellationToken);
        var verification = new TableVerification(Path, again);
        for (int index = 0; index < Index.Count; index++)
        {
            byte[] bytes = await ReadBytesAsync(index, 1, cancellationToken);
            verification.Add(index, Decode(index, bytes, 0));
        }

        verification.End();
    }

    /// <summary>Closes the file and gives back its place in the cache. Nobody may be using it.</summary>
    public async ValueTask DisposeAsync()
    {
        _shelf.Close();
        await _file.DisposeAsync();
    }

    /// <summary>The block if it is cached.</summary>
    internal TableBlock? FindCached(int index) => _shelf.Find(index);

    /// <summary>Reads a run of blocks by one read.</summary>
    internal async ValueTask<TableBlock[]> ReadRunAsync(int first, int count, bool fillCache, CancellationToken cancellationToken)
    {
        var blocks = new TableBlock[count];
        _shelf.CountMiss();
        byte[] bytes = await ReadBytesAsync(first, count, cancellationToken);
        for (int run = 0; run < count; run++)
        {
            int index = first + run;
            int offset = (int)(Index.OffsetOf(index) - Index.OffsetOf(first));

            // A cached block has an array of its own: it must not keep the whole run alive.
            blocks[run] = fillCache
                ? _shelf.Add(index, Decode(index, count == 1 ? bytes : bytes.AsSpan(offset, Index.BytesOf(index)).ToArray(), 0))
                : Decode(index, bytes, offset);
        }

        return blocks;
    }

    // False: the version looked for may be in the next block.
    private bool Decides(TableBlock block, int index, ReadOnlySpan<byte> key, ulong sequence, out TableLookup lookup)
    {
        if (block.TryFind(key, sequence, out TableEntry entry, out bool atEnd))
        {
            lookup = new TableLookup(true, entry.Kind, entry.Sequence, block.Array.AsMemory(entry.ValueOffset, entry.ValueLength));
            return true;
        }

        // The versions of one key may go on in the next block, and then its separator is that key.
        lookup = default;
        return !atEnd || index + 1 == Index.Count || !Index.KeyOf(index + 1).SequenceEqual(key);
    }

    private async ValueTask<TableBlock> ReadBlockAsync(int index, CancellationToken cancellationToken)
    {
        _shelf.CountMiss();
        return _shelf.Add(index, Decode(index, await ReadBytesAsync(index, 1, cancellationToken), 0));
    }

    private async ValueTask<byte[]> ReadBytesAsync(int first, int count, CancellationToken cancellationToken)
    {
        int last = first + count - 1;
        long offset = Index.OffsetOf(first);
        byte[] bytes = new byte[checked((int)(Index.OffsetOf(last) + Index.BytesOf(last) - offset))];
        int read = await _file.ReadAsync(offset, bytes, cancellationToken);
        return read == bytes.Length ? bytes : throw new LsmCorruptException(Path, offset + read, "the file ends inside a data block");
    }

    private TableBlock Decode(int index, byte[] bytes, int offset)
    {
        long fileOffset = Index.OffsetOf(index);
        int length = Index.BytesOf(index);
        string? damage = BlockFrame.Check(
            bytes.AsSpan(offset, length), Number, fileOffset, BlockKind.Data, out BlockEncoding encoding, out int decodedBytes);
        if (damage is not null)
        {
            throw new LsmCorruptException(Path, fileOffset, damage);
        }

        int start = offset + BlockFrame.HeaderBytes;
        if (encoding == BlockEncoding.Plain)
        {
            return new TableBlock(Path, fileOffset, bytes, start, decodedBytes);
        }

        byte[] decoded = new byte[decodedBytes];
        return LZ4Codec.Decode(bytes.AsSpan(start, length - BlockFrame.HeaderBytes), decoded) == decodedBytes
            ? new TableBlock(Path, fileOffset, decoded, 0, decodedBytes)
            : throw new LsmCorruptException(Path, fileOffset, "a data block cannot be decompressed");
    }
}
