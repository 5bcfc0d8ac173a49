// Reads golden/manifest-v1.bin, a manifest that an earlier program wrote: it must stay readable. With UPDATE_GOLDEN=1 in the environment the file is written anew;
// do that only together with a new format version, and under its name.

using FsCheck.Xunit;
using SimGraph.Storage.Lsm;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Versions;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class ManifestTests
{
    private const int Levels = 4;
    private const ulong Generation = 77;

    private static byte[] Sample
    {
        get
        {
            VersionEdit[] edits =
            [
                new VersionEdit
                {
                    NextNumber = 5, DurableSequence = 10, Added = [(0, Table(1, "a", "m", 1, 10)), (2, Table(2, "c", "d", 1, 3)), (2, Table(3, "e", "k", 2, 5))],
                },
                new VersionEdit { NextNumber = 6, DurableSequence = 20, Added = [(0, Table(5, "b", "b", 11, 20))] },
                new VersionEdit
                {
                    NextNumber = 8, DurableSequence = 20, Removed = [(0, 1), (2, 2)], Added = [(1, Table(6, "a", "c", 1, 10)), (1, Table(7, "c", "m", 1, 10))],
                    Pointers = [(2, TreeModel.Bytes("d"))],
                },
            ];
            return Encode(edits);
        }
    }

    [Fact]
    public async Task A_manifest_of_version_1_stays_readable()
    {
        string path = Path.Combine(RepositoryFiles.Golden, "manifest-v1.bin");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllBytesAsync(path, Sample, TestContext.Current.CancellationToken);
        }

        AssertIsSample(RecoveredManifest.Parse("MANIFEST", await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), Levels));
    }

    [Fact]
    public void A_torn_last_record_is_cut_and_damage_before_it_is_refused()
    {
        byte[] whole = Sample;
        AssertIsSample(RecoveredManifest.Parse("MANIFEST", whole, Levels));
        byte[] two = Encode(DecodeAll(whole)[..2]);
        for (int length = 0; length < whole.Length; length++)
        {
            if (length < Encode(DecodeAll(whole)[..1]).Length)
            {
                Assert.Throws<LsmCorruptException>(() => RecoveredManifest.Parse("MANIFEST", whole.AsSpan(0, length), Levels));
            }
            else if (length >= two.Length)
            {
                RecoveredManifest cut = RecoveredManifest.Parse("MANIFEST", whole.AsSpan(0, length), Levels);
                Assert.Equal((20UL, 2, length - two.Length), (cut.DurableSequence, cut.Version.Levels[0].Length, cut.BytesCut));
            }
        }

        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            if (at < two.Length)
            {
                Assert.Throws<LsmCorruptException>(() => RecoveredManifest.Parse("MANIFEST", damaged, Levels));
            }
            else
            {
                Assert.Equal(whole.Length - two.Length, RecoveredManifest.Parse("MANIFEST", damaged, Levels).BytesCut);
            }
        }
    }

    [Fact]
    public void Edits_that_are_impossible_are_refused()
    {
        AssertRefused("goes back", new VersionEdit { NextNumber = 4, DurableSequence = 5 }, new VersionEdit { NextNumber = 3, DurableSequence = 5 });
        AssertRefused("goes back", new VersionEdit { NextNumber = 4, DurableSequence = 5 }, new VersionEdit { NextNumber = 4, DurableSequence = 4 });
        AssertRefused("where it is not", new VersionEdit { NextNumber = 4, Removed = [(1, 3)] });
        AssertRefused("used twice", new VersionEdit { NextNumber = 4, Added = [(1, Table(3, "a", "b", 1, 2)), (2, Table(3, "a", "b", 1, 2))] });
        AssertRefused("unused", new VersionEdit { NextNumber = 3, Added = [(1, Table(3, "a", "b", 1, 2))] });
        AssertRefused("LevelCount", new VersionEdit { NextNumber = 4, Added = [(Levels, Table(3, "a", "b", 1, 2))] });
        AssertRefused("wrong order", new VersionEdit { NextNumber = 4, Added = [(1, Table(3, "b", "a", 1, 2))] });
    }

    [Property(MaxTest = 300)]
    public void Damaged_bytes_are_refused_or_read_and_never_anything_else(byte[] noise, int at, byte with, int cut)
    {
        byte[] bytes = Sample;
        bytes[(int)((uint)at % (uint)bytes.Length)] = with;
        AssertHarmless(bytes);
        AssertHarmless(bytes[..(int)((uint)cut % (uint)bytes.Length)]);
        AssertHarmless(noise);
        AssertHarmless([.. ManifestCodec.EncodeHead(1), .. noise]);

        // A payload that arrives whole but says nonsense.
        try
        {
            ManifestCodec.DecodeEdit(noise);
        }
        catch (FormatException)
        {
        }
    }

    private static void AssertHarmless(byte[] bytes)
    {
        try
        {
            RecoveredManifest.Parse("MANIFEST", bytes, Levels);
        }
        catch (LsmCorruptException)
        {
        }
    }

    private static void AssertRefused(string reason, params VersionEdit[] edits) => Assert.Contains(
        reason, Assert.Throws<LsmCorruptException>(() => RecoveredManifest.Parse("MANIFEST", Encode(edits), Levels)).Reason, StringComparison.Ordinal);

    private static void AssertIsSample(RecoveredManifest read)
    {
        Assert.Equal((Generation, 8UL, 20UL, 0), (read.Generation, read.NextNumber, read.DurableSequence, read.BytesCut));
        Assert.Equal(["5", "6 7", "3", ""], read.Version.Levels.Select(level => string.Join(' ', level.Select(table => table.Number))));
        Assert.Equal("d", TreeModel.Text(read.Pointers[2]));
        TableSummary summary = read.Version.Levels[2][0].Summary;
        Assert.Equal(("e", "k"), (TreeModel.Text(summary.SmallestKey), TreeModel.Text(summary.LargestKey)));
        Assert.Equal(Table(3, "e", "k", 2, 5).Summary with { SmallestKey = default, LargestKey = default }, summary with { SmallestKey = default, LargestKey = default });
    }

    private static VersionEdit[] DecodeAll(byte[] file)
    {
        var edits = new List<VersionEdit>();
        for (int at = ManifestCodec.HeadBytes; at < file.Length;)
        {
            Assert.True(ManifestCodec.TryReadRecord(file.AsSpan(at), Generation, out _, out ReadOnlySpan<byte> payload));
            edits.Add(ManifestCodec.DecodeEdit(payload));
            at += ManifestCodec.RecordHeadBytes + payload.Length;
        }

        return [.. edits];
    }

    private static byte[] Encode(VersionEdit[] edits) =>
        [.. ManifestCodec.EncodeHead(Generation), .. edits.SelectMany((edit, i) => ManifestCodec.EncodeRecord(Generation, (ulong)i, edit))];

    private static LsmTable Table(ulong number, string smallest, string largest, ulong from, ulong to) => new(
        number, new TableSummary(1000 + (long)number, 50, 7, TreeModel.Bytes(smallest), TreeModel.Bytes(largest), from, to, 500, 400, 3));
}
