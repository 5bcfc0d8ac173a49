using FsCheck.Xunit;
using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class TableModelProperties
{
    // Pieces that keys are made of: what is likely to go wrong lies at common prefixes, at empty keys and at the ends of the order.
    private static readonly byte[][] Pieces = [[], [0], [0xFF], "a"u8.ToArray(), "b"u8.ToArray(), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8.ToArray(), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"u8.ToArray(), [0xFF, 0xFF, 0]];

    private static byte[] Key(byte seed) => [.. Pieces[seed & 7], .. Pieces[(seed >> 3) & 7], .. Pieces[seed >> 6]];

    private static TableVersion Version(byte[] seeds)
    {
        byte key = seeds[0];
        byte sequence = (byte)(seeds[1] & 31);
        byte value = seeds[2];
        int length = value switch { < 64 => 0, < 220 => value & 31, < 250 => value, _ => 3000 };
        return new TableVersion(
            Key(key), sequence, value % 5 == 0 ? EntryKind.Delete : EntryKind.Put, value % 5 == 0 ? [] : [.. Enumerable.Repeat(value, length)]);
    }

    // Versions: three bytes each. Shape: block size, restart interval, compression, filter, cache. Script: two bytes for each step. Arrays of bytes shrink well.
    [Property(MaxTest = 300)]
    public async Task Whatever_it_holds_and_wherever_a_cursor_goes_a_table_equals_a_sorted_list(byte[] versions, byte shape, byte[] script)
    {
        var model = new TableModel([.. versions.Chunk(3).Where(seeds => seeds.Length == 3).Select(Version), Version([9, 3, 65])]);
        var options = new TableOptions
        {
            BlockBytes = (shape & 1) == 0 ? 64 : 300,
            RestartInterval = (shape & 2) == 0 ? 1 : 4,
            Compress = (shape & 4) != 0,
            BloomBitsPerKey = (shape & 8) != 0 ? 10 : 0,
        };
        await using OpenedTable table = await OpenedTable.OfAsync(model, options, cacheBytes: (shape & 48) switch { 0 => 0, 16 => 3000, _ => 1 << 20 });
        await table.Reader.VerifyAsync(CancellationToken.None);
        await OpenedTable.AssertSameAsync(model, table.Reader, fillCache: (shape & 64) != 0);
        EntryCursor cursor = table.Reader.OpenCursor(fillCache: (shape & 128) != 0);
        foreach (byte[] step in script.Chunk(2))
        {
            await StepAsync(model, table.Reader, cursor, step[0], Key(step[^1]));
            OpenedTable.AssertSame(model.Shown, cursor);
        }
    }

    private static async Task StepAsync(TableModel model, TableReader reader, EntryCursor cursor, byte step, byte[] key)
    {
        CancellationToken none = CancellationToken.None;
        ulong sequence = (step & 128) != 0 ? ulong.MaxValue : (ulong)(step >> 3) * 2;
        switch (step & 7)
        {
            case 0 when (step & 8) != 0:
                model.SeekToFirst();
                await cursor.SeekToFirstAsync(none);
                break;
            case 0:
                model.SeekToLast();
                await cursor.SeekToLastAsync(none);
                break;
            case 1:
                model.Seek(key, sequence);
                await cursor.SeekAsync(key, sequence, none);
                break;
            case 2:
                model.SeekBefore(key);
                await cursor.SeekBeforeAsync(key, none);
                break;
            case 3:
                OpenedTable.AssertSame(model.Find(key, sequence), await reader.FindAsync(key, sequence, none));
                break;
            case 4 or 5 when cursor.IsValid:
                model.MoveNext();
                if ((step & 8) != 0 || !cursor.TryMoveNext())
                {
                    await cursor.MoveNextAsync(none);
                }

                break;
            case 6 or 7 when cursor.IsValid:
                model.MovePrevious();
                if ((step & 8) != 0 || !cursor.TryMovePrevious())
                {
                    await cursor.MovePreviousAsync(none);
                }

                break;
        }
    }
}
