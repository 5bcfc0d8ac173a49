using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>The names of a folder, sorted out. Reading it changes nothing.</summary>
internal sealed record AuditFolderContent
{
    /// <summary>The files of the chain, oldest first, none empty, each in one form.</summary>
    public required IReadOnlyList<AuditFile> Files { get; init; }

    /// <summary>Where the chain begins.</summary>
    public required AuditAnchor Anchor { get; init; }

    /// <summary>Names of files that lie before the anchor: an interrupted removal left them.</summary>
    public required IReadOnlyList<string> BeforeAnchor { get; init; }

    /// <summary>Names of files that say nothing: temporary ones, empty ones, second forms.</summary>
    public required IReadOnlyList<string> Useless { get; init; }

    /// <exception cref="AuditCorruptException">The anchor is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task<AuditFolderContent> ReadAsync(IDisk disk, string directory, CancellationToken cancellationToken)
    {
        AuditAnchor anchor = AuditAnchor.Genesis;
        var files = new SortedList<ulong, AuditFile>();
        var useless = new List<string>();
        foreach (string name in await disk.ListAsync(directory, cancellationToken))
        {
            if (AuditFileName.IsTemporary(name))
            {
                useless.Add(name);
            }
            else if (name == AuditFormat.AnchorName)
            {
                anchor = await ReadAnchorAsync(disk, DiskPath.Join(directory, name), cancellationToken);
            }
            else if (AuditFileName.TryParse(name, out ulong first, out bool compressed))
            {
                long bytes = await LengthOfAsync(disk, DiskPath.Join(directory, name), cancellationToken);

                // Ordinal order brings the plain form first; it counts, because a crash came before its deletion was durable.
                if (bytes == 0 || !files.TryAdd(first, new AuditFile(first, compressed, bytes)))
                {
                    useless.Add(name);
                }
            }
        }

        return new AuditFolderContent
        {
            Anchor = anchor,
            Files = [.. files.Values.Where(file => file.First >= anchor.Sequence)],
            BeforeAnchor =
                [.. files.Values.Where(file => file.First < anchor.Sequence).Select(file => AuditFileName.Of(file.First, file.Compressed))],
            Useless = useless,
        };
    }

    private static async Task<long> LengthOfAsync(IDisk disk, string path, CancellationToken cancellationToken)
    {
        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        return file.Length;
    }

    private static async Task<AuditAnchor> ReadAnchorAsync(IDisk disk, string path, CancellationToken cancellationToken)
    {
        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        byte[] bytes = new byte[(int)Math.Min(file.Length, AuditFormat.LineBytesMax)];
        int count = await file.ReadAsync(0, bytes, cancellationToken);
        return AuditAnchor.TryParse(bytes.AsSpan(0, count), out AuditAnchor anchor) is { } reason
            ? throw new AuditCorruptException(new AuditDefect(path, 1, 1, 0, $"the anchor of the kept chain is damaged: {reason}"))
            : anchor;
    }
}
