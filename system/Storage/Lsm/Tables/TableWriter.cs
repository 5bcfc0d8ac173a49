using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Writes one table. One owner, one call at a time.</summary>
internal sealed class TableWriter
{
    /// <summary>Bytes of the file so far, what is still buffered included.</summary>
    public long BytesWritten => throw new NotImplementedException();

    /// <summary>Creates the file; there must be none.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="number">The table's number: it goes into every checksum and into the filter, so that no table can pass for another.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<TableWriter> CreateAsync(
        IDisk disk, string path, ulong number, TableOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds a version, behind the one before in internal order.</summary>
    public ValueTask AddAsync(ReadOnlyMemory<byte> key, ulong sequence, EntryKind kind, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Adds a range tombstone, in any order.</summary>
    public void AddRangeTombstone(in RangeTombstone tombstone) => throw new NotImplementedException();

    /// <summary>Writes what is left, flushes the file and closes it. The caller flushes the folder.</summary>
    public Task<TableSummary> FinishAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes the file, which is of no use; the caller deletes it. Idempotent, and harmless after <see cref="FinishAsync"/>.</summary>
    public Task AbandonAsync() => throw new NotImplementedException();
}
