using System.Buffers.Binary;
using System.Text;
using SimGraph.Storage;
using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TableDamageTests
{
    private static readonly TableOptions Options = new() { BlockBytes = 200, RestartInterval = 4, Compress = true };
    private static readonly RangeTombstone[] Tombstones = [new("b"u8.ToArray(), "c"u8.ToArray(), 77)];

    private static TableModel Sample(int count = 40) => new(Enumerable.Range(0, count).Select(number => new TableVersion(
        Encoding.UTF8.GetBytes($"some-prefix-{number / 3:D4}"),
        (ulong)number + 1,
        number % 7 == 0 ? EntryKind.Delete : EntryKind.Put,
        number % 7 == 0 ? [] : Encoding.UTF8.GetBytes(number % 2 == 0 ? $"{number} {new string('x', 40)}" : $"{number}"))));

    private static async Task<byte[]> BytesAsync(TableModel model, ulong number = OpenedTable.Number)
    {
        var disk = new MemoryDisk();
        await OpenedTable.WriteAsync(disk, model, Options, Tombstones, number);
        return disk.Get(OpenedTable.Path);
    }

    // Opens and reads everything in every way. What comes out without an exception must be right.
    private static async Task ReadAllAsync(byte[] bytes, TableModel? model, ulong number = OpenedTable.Number, long? length = null)
    {
        MemoryDisk disk = MemoryDisk.Holding(OpenedTable.Path, bytes);
        try
        {
            await using TableReader reader = await TableReader.OpenAsync(
                disk, OpenedTable.Path, number, length ?? bytes.Length, new BlockCache(1 << 20), CancellationToken.None);
            foreach (bool fillCache in (bool[])[true, false])
            {
                if (model is null)
                {
                    await WalkAsync(reader.OpenCursor(fillCache));
                }
                else
                {
                    await OpenedTable.AssertSameAsync(model, reader, fillCache);
                }
            }

            foreach (TableVersion version in model?.Versions ?? [])
            {
                OpenedTable.AssertSame(version, await reader.FindAsync(version.Key, version.Sequence, CancellationToken.None));
            }

            await reader.VerifyAsync(CancellationToken.None);
        }
        finally
        {
            Assert.Equal(0, disk.OpenFiles);
        }
    }

    private static async Task WalkAsync(EntryCursor cursor)
    {
        int steps = 0;
        await cursor.SeekToFirstAsync(CancellationToken.None);
        while (cursor.IsValid)
        {
            Assert.True(++steps < 1_000_000);
            await cursor.MoveNextAsync(CancellationToken.None);
        }

        await cursor.SeekToLastAsync(CancellationToken.None);
        while (cursor.IsValid)
        {
            Assert.True(++steps < 1_000_000);
            await cursor.MovePreviousAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_flipped_byte_is_noticed_wherever_it_is()
    {
        TableModel model = Sample();
        byte[] whole = await BytesAsync(model);
        await ReadAllAsync(whole, model);
        for (int offset = 0; offset < whole.Length; offset++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] damaged = [.. whole];
                damaged[offset] ^= flip;
                LsmCorruptException refusal = await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(damaged, model));
                Assert.Contains(OpenedTable.Path, refusal.Message, StringComparison.Ordinal);
                Assert.InRange(refusal.Offset, 0, whole.Length);
            }
        }
    }

    [Fact]
    public async Task A_table_cut_anywhere_is_not_opened_whatever_length_is_expected()
    {
        TableModel model = Sample();
        byte[] whole = await BytesAsync(model);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(cut, model, length: whole.Length));
            await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(cut, model, length: length));

            // As a file system may leave it: the length is there, the bytes are not.
            byte[] zeros = new byte[whole.Length];
            cut.CopyTo(zeros, 0);
            if (!zeros.AsSpan().SequenceEqual(whole))
            {
                await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(zeros, model));
            }
        }

        await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync([.. whole, 0], model));
    }

    [Fact]
    public async Task A_table_of_another_number_is_refused_and_so_is_a_block_or_filter_of_one()
    {
        TableModel model = Sample();
        byte[] mine = await BytesAsync(model, 7);
        byte[] other = await BytesAsync(model, 8);
        Assert.Equal(mine.Length, other.Length);
        LsmCorruptException refusal = await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(other, model, 7));
        Assert.Contains("table 8", refusal.Message, StringComparison.Ordinal);

        // A write that went to the wrong file, at any place.
        for (int offset = 0; offset + 64 <= mine.Length; offset += 16)
        {
            byte[] mixed = [.. mine];
            other.AsSpan(offset, 64).CopyTo(mixed.AsSpan(offset));
            if (!mixed.AsSpan().SequenceEqual(mine))
            {
                await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(mixed, model, 7));
            }
        }
    }

    [Fact]
    public async Task A_whole_block_in_the_place_of_another_is_noticed()
    {
        var model = new TableModel(Enumerable.Range(0, 64).Select(number => new TableVersion([(byte)number], 9, EntryKind.Put, new byte[40])));
        var disk = new MemoryDisk();
        await OpenedTable.WriteAsync(disk, model, new TableOptions { BlockBytes = 64 });
        byte[] bytes = disk.Get(OpenedTable.Path);
        const int BlockBytes = 12 + 4 + 1 + 40 + 8;
        bytes.AsSpan(BlockBytes, BlockBytes).CopyTo(bytes);
        LsmCorruptException refusal = await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(bytes, model));
        Assert.Equal(0, refusal.Offset);
    }

    [Fact]
    public async Task A_newer_format_version_is_refused_by_name()
    {
        byte[] bytes = await BytesAsync(Sample());
        Span<byte> footer = bytes.AsSpan(bytes.Length - TableFooter.Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[8..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[48..], Crc32C.Compute(footer[..48]));
        LsmCorruptException refusal = await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(bytes, null));
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_are_an_error_and_nothing_worse()
    {
        var random = new Random(5);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            await Assert.ThrowsAsync<LsmCorruptException>(() => ReadAllAsync(bytes, null));
        }
    }

    // Damage behind checksums that hold: what a defect of a writer, or somebody who means harm, would leave.
    [Fact]
    public async Task Bytes_that_make_no_sense_behind_checksums_that_hold_are_an_error_and_nothing_worse()
    {
        byte[] whole = await BytesAsync(Sample());
        var random = new Random(6);
        int refused = 0;
        long before = GC.GetTotalAllocatedBytes();
        const int Rounds = 4000;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
            }

            Reseal(bytes);
            try
            {
                await ReadAllAsync(bytes, null);
            }
            catch (LsmCorruptException)
            {
                refused++;
            }
        }

        Assert.True(refused > Rounds / 2, $"{refused} of {Rounds} refused");
        long each = (GC.GetTotalAllocatedBytes() - before) / Rounds;
        Assert.True(each < 4 << 20, $"{each} bytes for each");
    }

    // Makes all checksums right again, as far as the lengths still lead to the blocks.
    private static void Reseal(byte[] bytes)
    {
        Span<byte> footer = bytes.AsSpan(bytes.Length - TableFooter.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(footer, 0x4241_5452_474D_4953);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[12..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[16..], OpenedTable.Number);
        BinaryPrimitives.WriteInt64LittleEndian(footer[24..], bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[48..], Crc32C.Compute(footer[..48]));
        Assert.True(TableFooter.TryRead(footer, out TableFooter read));
        long offset = bytes.Length - TableFooter.Bytes - read.BlockBytes;
        long data = offset;
        if (offset < 0)
        {
            return;
        }

        ReadOnlyMemory<byte> index = default;
        foreach ((uint length, BlockKind kind) in ((uint, BlockKind)[])[
            (read.RangeTombstoneBytes, BlockKind.RangeTombstones), (read.FilterBytes, BlockKind.Filter), (read.IndexBytes, BlockKind.Index), (read.PropertiesBytes, BlockKind.Properties)])
        {
            Seal(bytes, offset, length);
            index = kind == BlockKind.Index && length >= BlockFrame.HeaderBytes ? bytes.AsMemory((int)offset + BlockFrame.HeaderBytes, (int)length - BlockFrame.HeaderBytes) : index;
            offset += length;
        }

        TableIndex? blocks = TableIndex.TryRead(index, data);
        for (int block = 0; block < (blocks?.Count ?? 0); block++)
        {
            Seal(bytes, blocks!.OffsetOf(block), (uint)blocks.BytesOf(block));
        }
    }

    private static void Seal(byte[] bytes, long offset, uint length)
    {
        if (length >= BlockFrame.HeaderBytes && offset + length <= bytes.Length)
        {
            Span<byte> block = bytes.AsSpan((int)offset, (int)length);
            BlockFrame.Seal(block, OpenedTable.Number, offset, (BlockKind)block[4], (BlockEncoding)block[5], BinaryPrimitives.ReadInt32LittleEndian(block[8..]));
        }
    }
}
