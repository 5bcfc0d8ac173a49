// Reads a manifest back. A record is written only after the one before it is durable, so only the last one can be torn: a bad record with a whole
// one behind it, or one that is whole but impossible, means damage, and the tree is not opened.

using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>What a manifest says.</summary>
/// <param name="Generation">The generation of the file; 0 if there is none.</param>
/// <param name="Version">The tables.</param>
/// <param name="NextNumber">The first unused file number.</param>
/// <param name="DurableSequence">Tables hold everything up to it.</param>
/// <param name="Pointers">Where the next compaction of each level goes on.</param>
/// <param name="BytesCut">Bytes of a torn last record, never acknowledged.</param>
internal sealed record RecoveredManifest(
    ulong Generation,
    TreeVersion Version,
    ulong NextNumber,
    ulong DurableSequence,
    ReadOnlyMemory<byte>[] Pointers,
    int BytesCut)
{
    public static RecoveredManifest Nothing(int levels) =>
        new(0, TreeVersion.Empty(levels), 1, 0, new ReadOnlyMemory<byte>[levels], 0);

    /// <exception cref="LsmCorruptException">The file is damaged.</exception>
    /// <exception cref="DiskException">It could not be read.</exception>
    public static async Task<RecoveredManifest> ReadAsync(IDisk disk, string path, int levels, CancellationToken cancellationToken)
    {
        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        if (file.Length > Array.MaxLength)
        {
            throw new LsmCorruptException(path, 0, $"{file.Length} bytes are too many for a manifest");
        }

        byte[] bytes = new byte[file.Length];
        int count = await file.ReadAsync(0, bytes, cancellationToken);
        return Parse(path, bytes.AsSpan(0, count), levels);
    }

    public static RecoveredManifest Parse(string path, ReadOnlySpan<byte> bytes, int levels)
    {
        if (ManifestCodec.ReadHead(bytes, out ulong generation) is { } wrong)
        {
            throw new LsmCorruptException(path, 0, wrong);
        }

        RecoveredManifest recovered = Nothing(levels) with { Generation = generation };
        int at = ManifestCodec.HeadBytes;
        ulong ordinal = 0;
        while (at < bytes.Length && ManifestCodec.TryReadRecord(bytes[at..], generation, out ulong own, out ReadOnlySpan<byte> payload))
        {
            if (own != ordinal)
            {
                throw new LsmCorruptException(path, at, $"record {own} stands where record {ordinal} belongs");
            }

            recovered = recovered.After(path, at, payload);
            at += ManifestCodec.RecordHeadBytes + payload.Length;
            ordinal++;
        }

        // The first record is made durable before the file gets its name.
        if (ordinal == 0)
        {
            throw new LsmCorruptException(path, at, "its first record is damaged");
        }

        for (int behind = at + 1; behind < bytes.Length; behind++)
        {
            if (ManifestCodec.TryReadRecord(bytes[behind..], generation, out _, out _))
            {
                throw new LsmCorruptException(path, at, $"a record is damaged, and a whole one follows at offset {behind}");
            }
        }

        return recovered with { BytesCut = bytes.Length - at };
    }

    private RecoveredManifest After(string path, int at, ReadOnlySpan<byte> payload)
    {
        try
        {
            VersionEdit edit = ManifestCodec.DecodeEdit(payload);
            if (WhatIsWrong(edit) is { } reason)
            {
                throw new LsmCorruptException(path, at, reason);
            }

            ReadOnlyMemory<byte>[] pointers = [.. Pointers];
            foreach ((int level, ReadOnlyMemory<byte> key) in edit.Pointers)
            {
                pointers[level] = key;
            }

            return this with
            {
                Version = Version.After(edit),
                NextNumber = edit.NextNumber,
                DurableSequence = edit.DurableSequence,
                Pointers = pointers,
            };
        }
        catch (FormatException exception)
        {
            throw new LsmCorruptException(path, at, exception.Message);
        }
    }

    private string? WhatIsWrong(VersionEdit edit)
    {
        if (edit.NextNumber < NextNumber || edit.DurableSequence < DurableSequence)
        {
            return "a record goes back in file numbers or sequences";
        }

        var present = new HashSet<(int, ulong)>();
        var numbers = new HashSet<ulong>();
        for (int level = 0; level < Version.Levels.Length; level++)
        {
            foreach (LsmTable table in Version.Levels[level])
            {
                present.Add((level, table.Number));
                numbers.Add(table.Number);
            }
        }

        foreach ((int level, ulong number) in edit.Removed)
        {
            if (!present.Remove((level, number)))
            {
                return $"a record removes table {number} from level {level}, where it is not";
            }

            numbers.Remove(number);
        }

        foreach ((int level, LsmTable table) in edit.Added)
        {
            if (level >= Version.Levels.Length)
            {
                return $"a table lies in level {level}, and there are {Version.Levels.Length} (LsmOptions.LevelCount)";
            }

            if (table.Number >= edit.NextNumber || !numbers.Add(table.Number))
            {
                return $"table {table.Number} has a number that is unused or used twice";
            }
        }

        foreach ((int level, _) in edit.Pointers)
        {
            if (level >= Version.Levels.Length)
            {
                return $"a pointer belongs to level {level}, and there are {Version.Levels.Length} (LsmOptions.LevelCount)";
            }
        }

        return null;
    }
}
