namespace SimGraph.Storage.Lsm.Tables;

/// <summary>What a table holds. The manifest keeps it beside the table's number.</summary>
/// <param name="Length">Length of the file.</param>
/// <param name="Entries">Versions in it, deletes included, range tombstones not.</param>
/// <param name="Deletes">How many of the versions are deletes.</param>
/// <param name="SmallestKey">Smallest key of a version, or start of a range tombstone.</param>
/// <param name="LargestKey">Largest key of a version, or end of a range tombstone (which the tombstone itself does not cover).</param>
/// <param name="SmallestSequence">Smallest sequence of a version or range tombstone.</param>
/// <param name="LargestSequence">Largest sequence of a version or range tombstone.</param>
/// <param name="RawKeyBytes">Bytes of all keys of versions, before prefix compression.</param>
/// <param name="RawValueBytes">Bytes of all values.</param>
/// <param name="RangeTombstones">Range tombstones in it.</param>
internal sealed record TableSummary(
    long Length,
    long Entries,
    long Deletes,
    ReadOnlyMemory<byte> SmallestKey,
    ReadOnlyMemory<byte> LargestKey,
    ulong SmallestSequence,
    ulong LargestSequence,
    long RawKeyBytes,
    long RawValueBytes,
    int RangeTombstones);
