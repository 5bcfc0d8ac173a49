using FsCheck.Xunit;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class WriteBatchTests
{
    [Fact]
    public void The_last_change_of_a_key_wins_and_a_deleted_range_forgets_only_what_came_before()
    {
        var batch = new WriteBatch();
        batch.Put("b"u8, "1"u8);
        batch.Put("d"u8, "1"u8);
        batch.Delete("b"u8);
        batch.Put("b"u8, "2"u8);
        batch.DeleteRange("c"u8, "e"u8);
        batch.Put("c"u8, "3"u8);
        Assert.Equal(("2", false), Said(batch, "b"));
        Assert.Equal(("3", false), Said(batch, "c"));
        Assert.Equal(("", true), Said(batch, "d"));
        Assert.Null(Said(batch, "e"));
        Assert.Equal(["b=2", "c=3"], Changes(batch));
        Assert.Equal(3, batch.Count);
        batch.Clear();
        Assert.Equal((0, 0L), (batch.Count, batch.Bytes));
        Assert.Null(Said(batch, "b"));
    }

    [Fact]
    public void A_prefix_is_a_range_and_one_without_an_end_is_refused()
    {
        var batch = new WriteBatch();
        batch.DeletePrefix([7, 255]);
        Assert.True(batch.IsInDeletedRange([7, 255, 0]) && batch.IsInDeletedRange([7, 255, 255]) && batch.IsInDeletedRange([7, 255]));
        Assert.False(batch.IsInDeletedRange([8]) || batch.IsInDeletedRange([7, 254]));
        Assert.Throws<ArgumentException>(() => batch.DeletePrefix([255, 255]));
        Assert.Throws<ArgumentException>(() => batch.DeletePrefix([]));
        Assert.Throws<ArgumentException>(() => batch.Put([], [1]));
        Assert.Throws<ArgumentException>(() => batch.Put(new byte[WriteBatch.KeyBytesMax + 1], [1]));
    }

    [Property(MaxTest = 200)]
    public void Whatever_is_collected_equals_a_dictionary_and_survives_its_canonical_bytes(byte[] script)
    {
        var batch = new WriteBatch();
        var model = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var ranges = new List<(string Start, string End)>();
        for (int i = 0; i < script.Length; i++)
        {
            string key = $"k{script[i] >> 3:D2}";
            TreeChange change = (script[i] & 7) switch
            {
                0 => new TreeChange(key),
                1 => new TreeChange(key, null, $"k{(script[i] >> 3) + (i % 4):D2}"),
                _ => new TreeChange(key, $"{i}"),
            };
            change.AddTo(batch);
            if (change.End is not { } end)
            {
                model[key] = change.Value;
            }
            else if (string.CompareOrdinal(key, end) < 0)
            {
                ranges.Add((key, end));
                foreach (string inside in model.Keys.Where(k => string.CompareOrdinal(k, key) >= 0 && string.CompareOrdinal(k, end) < 0).ToArray())
                {
                    model.Remove(inside);
                }
            }
        }

        byte[] encoded = batch.Encode();
        var decoded = new WriteBatch();
        decoded.Decode(encoded);
        Assert.Equal(encoded, decoded.Encode());
        var joined = new WriteBatch();
        joined.Append(batch);
        Assert.Equal(encoded, joined.Encode());
        foreach (WriteBatch each in new[] { batch, decoded, joined })
        {
            Assert.Equal(model.Select(pair => $"{pair.Key}={pair.Value}"), Changes(each));
            for (int i = 0; i < 40; i++)
            {
                string key = $"k{i:D2}";
                bool inRange = ranges.Exists(range => string.CompareOrdinal(key, range.Start) >= 0 && string.CompareOrdinal(key, range.End) < 0);
                (string, bool)? expected = model.TryGetValue(key, out string? value) ? (value ?? "", value is null) : inRange ? ("", true) : null;
                Assert.Equal(expected, Said(each, key));
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Damaged_bytes_are_refused_or_are_another_batch_and_never_anything_else(byte[] noise, int at, byte with)
    {
        var batch = new WriteBatch();
        batch.Put("key"u8, "value"u8);
        batch.Delete("other"u8);
        batch.DeleteRange("a"u8, "b"u8);
        byte[] encoded = batch.Encode();
        encoded[(int)((uint)at % (uint)encoded.Length)] = with;
        AssertRefusedOrCanonical(encoded);
        AssertRefusedOrCanonical(encoded[..(int)((uint)at % (uint)encoded.Length)]);
        AssertRefusedOrCanonical(noise);
        AssertRefusedOrCanonical([1, .. noise]);
        AssertRefusedOrCanonical([1, 0, 1, 1, 1, 65, 0xff, 0xff, 0xff, 0xff, 7, .. noise]);
    }

    private static void AssertRefusedOrCanonical(byte[] bytes)
    {
        var batch = new WriteBatch();
        try
        {
            batch.Decode(bytes);
        }
        catch (FormatException)
        {
            Assert.Equal(0, batch.Count);
            return;
        }

        Assert.Equal(bytes, batch.Encode());
    }

    private static (string Value, bool Deleted)? Said(WriteBatch batch, string key) =>
        batch.TryGet(TreeModel.Bytes(key), out ReadOnlyMemory<byte> value, out bool deleted) ? (TreeModel.Text(value), deleted) : null;

    private static string[] Changes(WriteBatch batch) =>
        Enumerable.Range(0, batch.ChangeCount).Select(batch.ChangeAt).Select(change => $"{TreeModel.Text(change.Key)}={TreeModel.Text(change.Value)}").ToArray();
}
