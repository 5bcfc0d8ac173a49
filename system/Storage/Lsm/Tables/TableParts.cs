using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>What stands behind the data of a table, checked against each other and against what the manifest says. Immutable.</summary>
internal sealed record TableParts(
    TableSummary Summary, TableIndex Index, BloomFilter Filter, IReadOnlyList<RangeTombstone> RangeTombstones, int DataBlocks, long ResidentBytes)
{
    /// <summary>Reads the parts of a table that must have this number and length.</summary>
    /// <exception cref="LsmCorruptException">It has not, or is damaged.</exception>
    public static async Task<TableParts> ReadAsync(IFile file, ulong number, long expectedLength, CancellationToken cancellationToken)
    {
        long length = file.Length;
        if (length != expectedLength || length < TableFooter.Bytes)
        {
            throw new LsmCorruptException(file.Path, Math.Min(length, expectedLength), $"the file has {length} bytes, the table had {expectedLength}");
        }

        long footerOffset = length - TableFooter.Bytes;
        byte[] footerBytes = await ReadAsync(file, footerOffset, TableFooter.Bytes, cancellationToken);
        string? damage = TableFooter.TryRead(footerBytes, out TableFooter footer)
            ? WhatIsWrong(footer, number, length)
            : "the footer is damaged, or this is not a table";
        if (damage is not null)
        {
            throw new LsmCorruptException(file.Path, footerOffset, damage);
        }

        byte[] blocks = await ReadAsync(file, footerOffset - footer.BlockBytes, (int)footer.BlockBytes, cancellationToken);
        return new Cutter(file.Path, number, footerOffset - footer.BlockBytes, blocks).Cut(footer);
    }

    private static string? WhatIsWrong(in TableFooter footer, ulong number, long length)
    {
        if (footer.Version != TableFooter.CurrentVersion)
        {
            return $"format version {footer.Version} is unknown, this program reads version {TableFooter.CurrentVersion}";
        }

        if (footer.Number != number)
        {
            return $"the footer says that this is table {footer.Number}, it should be table {number}";
        }

        return footer.FileBytes == length && footer.BlockBytes <= Math.Min(length - TableFooter.Bytes, Array.MaxLength)
            ? null
            : "the lengths in the footer make no sense";
    }

    private static async Task<byte[]> ReadAsync(IFile file, long offset, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        int read = await file.ReadAsync(offset, bytes, cancellationToken);
        return read == count ? bytes : throw new LsmCorruptException(file.Path, offset + read, "the file ends inside the blocks behind the data");
    }

    /// <summary>Takes the blocks behind the data apart.</summary>
    private sealed class Cutter(string path, ulong number, long start, ReadOnlyMemory<byte> blocks)
    {
        private int _position;

        public TableParts Cut(in TableFooter footer)
        {
            RangeTombstone[] tombstones = RangeTombstoneBlock.TryRead(Next(footer.RangeTombstoneBytes, BlockKind.RangeTombstones))
                ?? throw NewDamage(BlockKind.RangeTombstones);
            BloomFilter filter = BloomFilter.TryRead(Next(footer.FilterBytes, BlockKind.Filter), number) ?? throw NewDamage(BlockKind.Filter);
            TableIndex index = TableIndex.TryRead(Next(footer.IndexBytes, BlockKind.Index), start) ?? throw NewDamage(BlockKind.Index);
            TableSummary summary = TableProperties.TryRead(
                Next(footer.PropertiesBytes, BlockKind.Properties), footer.FileBytes, out int dataBlocks) ?? throw NewDamage(BlockKind.Properties);
            return summary.RangeTombstones == tombstones.Length && dataBlocks == index.Count
                ? new TableParts(summary, index, filter, tombstones, dataBlocks, blocks.Length + (32L * index.Count) + (56L * tombstones.Length))
                : throw NewDamage(BlockKind.Properties);
        }

        private ReadOnlyMemory<byte> Next(uint length, BlockKind kind)
        {
            ReadOnlyMemory<byte> block = blocks.Slice(_position, (int)length);
            string? damage = BlockFrame.Check(block.Span, number, start + _position, kind, out _, out _);
            if (damage is not null)
            {
                throw new LsmCorruptException(path, start + _position, damage);
            }

            _position += (int)length;
            return block[BlockFrame.HeaderBytes..];
        }

        private LsmCorruptException NewDamage(BlockKind kind) => new(path, start, $"the block of kind {kind} makes no sense");
    }
}
