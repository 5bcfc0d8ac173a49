// Reads a backup: the chunks of the base, then the entries behind it, in order, checked against manifest, checksums and each other.

using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Files;

/// <summary>Reads the content of a backup folder.</summary>
internal sealed class BackupReader(BackupFolder folder, BackupManifest manifest)
{
    private const int EntryHeadBytes = (2 * sizeof(ulong)) + 1;

    /// <summary>What the folder holds.</summary>
    public BackupManifest Manifest => manifest;

    /// <summary>Hands every chunk of the base to somebody, in order; returns when the file was whole.</summary>
    /// <exception cref="BackupCorruptException">A chunk, or all of them, is not what was written, or is refused with a <see cref="FormatException"/>.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed.</exception>
    public async Task ReadBaseAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        string path = folder.BasePath(manifest.Base.Index);
        var header = new BackupFileHeader(BackupFileKind.Base, manifest.Id, manifest.Base);
        await using BackupFileReader file = await BackupFileReader.OpenAsync(folder.Disk, path, header, manifest.BaseFile, cancellationToken);
        while (await file.ReadAsync(cancellationToken) is { } chunk)
        {
            await TakeAsync(path, file.RecordOffset, () => take(chunk, cancellationToken));
        }
    }

    /// <summary>Hands every entry behind the base, up to an index, to somebody. Files that hold none of them are not read.</summary>
    /// <exception cref="BackupCorruptException">An entry is not what was written, or is refused with a <see cref="FormatException"/>.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed.</exception>
    public async Task ReadEntriesAsync(ulong last, Func<LogEntry, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        foreach (EntryFileRecord file in manifest.Files)
        {
            if (file.Previous.Index < last)
            {
                await ReadFileAsync(file, last, take, cancellationToken);
            }
        }
    }

    private async Task ReadFileAsync(EntryFileRecord record, ulong last, Func<LogEntry, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        string path = folder.EntriesPath(record.Previous.Index + 1);
        var header = new BackupFileHeader(BackupFileKind.Entries, manifest.Id, record.Previous);
        await using BackupFileReader file = await BackupFileReader.OpenAsync(folder.Disk, path, header, record.File, cancellationToken);
        LogPosition previous = record.Previous;

        // What lies behind the last wanted entry is not looked at: damage there does not matter.
        while (previous.Index < last && await file.ReadAsync(cancellationToken) is { } bytes)
        {
            LogEntry entry = Decode(path, file.RecordOffset, bytes, previous);
            previous = new LogPosition(entry.Index, entry.Term);
            await TakeAsync(path, file.RecordOffset, () => take(entry, cancellationToken));
        }

        if (previous.Index < last && previous != record.Last)
        {
            throw new BackupCorruptException(path, record.File.Length, $"the file ends with entry {previous}; the manifest says {record.Last}");
        }
    }

    private static async ValueTask TakeAsync(string path, long offset, Func<ValueTask> take)
    {
        try
        {
            await take();
        }
        catch (FormatException exception)
        {
            throw new BackupCorruptException(path, offset, exception.Message);
        }
    }

    private static LogEntry Decode(string path, long offset, ReadOnlyMemory<byte> bytes, LogPosition previous)
    {
        try
        {
            var reader = new WireReader(bytes.Span, "entry");
            LogPosition position = reader.ReadPosition();
            LogEntryKind kind = reader.ReadEntryKind();
            if (position.Index != previous.Index + 1 || position.Term < previous.Term)
            {
                throw new ProtocolException($"entry {position} behind entry {previous}");
            }

            // A copy: the payload may be kept for longer than the record.
            return new LogEntry(position.Index, position.Term, kind, bytes[EntryHeadBytes..].ToArray());
        }
        catch (FormatException exception)
        {
            throw new BackupCorruptException(path, offset, exception.Message);
        }
    }
}
