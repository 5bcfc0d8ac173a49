using FsCheck.Xunit;
using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Memtables;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class MemtableTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Property(MaxTest = 150)]
    public async Task A_memtable_equals_a_sorted_list_of_versions(byte[] script)
    {
        var memtable = new Memtable();
        var versions = new List<(string Key, ulong Sequence, string Value)>();
        var batch = new WriteBatch();
        ulong sequence = 0;
        foreach (byte step in script)
        {
            batch.Clear();
            sequence++;
            for (int i = 0; i <= step % 4; i++)
            {
                string key = $"{(char)('a' + (step % 13))}{new string('q', step % 11)}{(step >> 4) + i}";
                batch.Put(TreeModel.Bytes(key), TreeModel.Bytes($"{sequence}"));
                versions.Add((key, sequence, $"{sequence}"));
            }

            memtable.Apply(batch, sequence);
        }

        (string Key, ulong Sequence, string Value)[] expected = [.. versions.OrderBy(v => v.Key, StringComparer.Ordinal).ThenByDescending(v => v.Sequence)];
        Assert.Equal(expected.Length, memtable.Entries);
        EntryCursor cursor = memtable.OpenCursor();
        var forward = new List<(string, ulong, string)>();
        await cursor.SeekToFirstAsync(None);
        while (cursor.IsValid)
        {
            forward.Add((TreeModel.Text(cursor.KeyMemory), cursor.Sequence, TreeModel.Text(cursor.Value)));
            Assert.True(cursor.TryMoveNext());
        }

        var backward = new List<(string, ulong, string)>();
        await cursor.SeekToLastAsync(None);
        while (cursor.IsValid)
        {
            backward.Add((TreeModel.Text(cursor.KeyMemory), cursor.Sequence, TreeModel.Text(cursor.Value)));
            Assert.True(cursor.TryMovePrevious());
        }

        backward.Reverse();
        Assert.Equal(expected, forward);
        Assert.Equal(expected, backward);
        foreach ((string key, ulong own, string value) in expected)
        {
            Assert.True(memtable.TryFind(TreeModel.Bytes(key), own, out _, out ulong found, out ReadOnlyMemory<byte> bytes));
            Assert.Equal((own, value), (found, TreeModel.Text(bytes)));
            await cursor.SeekAsync(TreeModel.Bytes(key), own, None);
            Assert.Equal((key, own), (TreeModel.Text(cursor.KeyMemory), cursor.Sequence));
            await cursor.SeekBeforeAsync(TreeModel.Bytes(key), None);
            Assert.Equal(expected.LastOrDefault(v => string.CompareOrdinal(v.Key, key) < 0).Key, cursor.IsValid ? TreeModel.Text(cursor.KeyMemory) : null);
        }
    }

    [Fact]
    public void Deletes_and_range_deletes_make_it_not_empty()
    {
        var batch = new WriteBatch();
        batch.Delete("a"u8);
        var deletes = new Memtable();
        Assert.True(deletes.HoldsNothing);
        deletes.Apply(batch, 1);
        Assert.False(deletes.HoldsNothing);
        batch.Clear();
        batch.DeleteRange("a"u8, "b"u8);
        var ranges = new Memtable();
        ranges.Apply(batch, 1);
        Assert.False(ranges.HoldsNothing);
    }

    [Fact]
    public async Task Readers_see_whole_nodes_while_one_writer_adds()
    {
        var memtable = new Memtable();
        ulong visible = 0;
        bool done = false;
        Task[] readers = [.. Enumerable.Range(0, 2).Select(reader => Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                ulong limit = Volatile.Read(ref visible);
                EntryCursor cursor = memtable.OpenCursor();
                string last = "";
                int count = 0;
                await cursor.SeekToFirstAsync(None);
                while (cursor.IsValid)
                {
                    string key = TreeModel.Text(cursor.KeyMemory);
                    Assert.True(string.CompareOrdinal(last, key) < 0);
                    Assert.Equal($"value of {key}", TreeModel.Text(cursor.Value));
                    count += cursor.Sequence <= limit ? 1 : 0;
                    last = key;
                    cursor.TryMoveNext();
                }

                Assert.Equal((int)limit, count);
            }
        }))];
        var batch = new WriteBatch();
        for (int i = 1; i <= 3000; i++)
        {
            string key = $"{i * 7919 % 3001:D5}";
            batch.Clear();
            batch.Put(TreeModel.Bytes(key), TreeModel.Bytes($"value of {key}"));
            memtable.Apply(batch, (ulong)i);
            Volatile.Write(ref visible, (ulong)i);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
    }

    [Property(MaxTest = 200)]
    public void A_set_of_range_tombstones_equals_a_list_of_them(byte[] script)
    {
        var list = new List<RangeTombstone>();
        RangeTombstoneSet grown = RangeTombstoneSet.Empty;
        for (int i = 0; i + 1 < script.Length; i += 2)
        {
            string start = $"{script[i] % 20:D2}";
            string end = $"{(script[i] % 20) + 1 + (script[i + 1] % 9):D2}";
            var tombstone = new RangeTombstone(TreeModel.Bytes(start), TreeModel.Bytes(end), 1 + (ulong)(script[i + 1] >> 3));
            list.Add(tombstone);
            grown = grown.With(tombstone);
        }

        foreach (RangeTombstoneSet set in new[] { grown, RangeTombstoneSet.Of(list), RangeTombstoneSet.Union([grown, RangeTombstoneSet.Empty, grown]) })
        {
            for (int key = 0; key < 30; key++)
            {
                byte[] bytes = TreeModel.Bytes($"{key:D2}");
                ulong[] covering = [.. list.Where(t => t.Covers(bytes)).Select(t => t.Sequence).Distinct().Order()];
                for (ulong sequence = 0; sequence < 34; sequence += 3)
                {
                    Assert.Equal(covering.LastOrDefault(s => s <= sequence), set.HighestCovering(bytes, sequence));
                    Assert.Equal(covering.FirstOrDefault(s => s > sequence), set.LowestCoveringAbove(bytes, sequence));
                }
            }
        }
    }
}
