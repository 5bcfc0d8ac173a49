// The growing end of a backup: entries go into files of this session, and count when a manifest names them. A file is never continued by another session, so a flush that failed poisons
// nothing that counted before. After any exception the archive is of no further use; the folder stays at its last manifest.

using System.Buffers.Binary;
using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Taking;

/// <summary>Appends entries to a backup. One user at a time.</summary>
internal sealed class EntryArchive(BackupFolder folder, BackupManifest before, long fileBytesMax) : IAsyncDisposable
{
    private const int EntryHeadBytes = (2 * sizeof(ulong)) + 1;

    private readonly byte[] _head = new byte[EntryHeadBytes];
    private readonly List<EntryFileRecord> _ended = [.. before.Files];
    private BackupFileWriter? _writer;
    private LogPosition _previous;
    private UInt128? _endDigest = before.EndDigest;

    /// <summary>The last entry, durable or not.</summary>
    public LogPosition End { get; private set; } = before.End;

    /// <summary>True if there is something that no manifest names yet.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Adds what a member answered.</summary>
    /// <exception cref="BackupException">There are too many files.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed.</exception>
    public async Task AddAsync(EntriesAnswer answer, CancellationToken cancellationToken)
    {
        foreach (LogEntry entry in answer.Entries)
        {
            if (_writer is { } full && full.Length >= fileBytesMax)
            {
                await EndFileAsync(full, cancellationToken);
            }

            _writer ??= await BeginFileAsync(cancellationToken);
            BinaryPrimitives.WriteUInt64LittleEndian(_head, entry.Index);
            BinaryPrimitives.WriteUInt64LittleEndian(_head.AsSpan(sizeof(ulong)), entry.Term);
            _head[2 * sizeof(ulong)] = (byte)entry.Kind;
            await _writer.AppendAsync(_head, entry.Payload, cancellationToken);
            End = new LogPosition(entry.Index, entry.Term);
            HasNews = true;
            _endDigest = null;
        }

        if (answer.Applied == End)
        {
            HasNews |= _endDigest is null;
            _endDigest = answer.Digest;
        }
    }

    /// <summary>Makes everything durable; returns the manifest that names it.</summary>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed.</exception>
    public async Task<BackupManifest> FlushAsync(CancellationToken cancellationToken)
    {
        List<EntryFileRecord> files = [.. _ended];
        if (_writer is { } writer)
        {
            await writer.FlushAsync(cancellationToken);
            files.Add(Record(writer));
        }

        HasNews = false;
        return before with { Files = files, EndDigest = _endDigest };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }

    private EntryFileRecord Record(BackupFileWriter writer) => new(_previous, End, new BackupFileRecord(writer.Length, writer.Hash));

    private async Task<BackupFileWriter> BeginFileAsync(CancellationToken cancellationToken)
    {
        if (_ended.Count >= BackupManifest.FilesMax)
        {
            throw new BackupException($"'{folder.Shown}' has {_ended.Count} files of entries, and no room for another: take a new backup into a folder of its own");
        }

        _previous = End;
        var header = new BackupFileHeader(BackupFileKind.Entries, before.Id, End);
        return await BackupFileWriter.CreateAsync(folder.Disk, folder.EntriesPath(End.Index + 1), header, cancellationToken);
    }

    private async Task EndFileAsync(BackupFileWriter full, CancellationToken cancellationToken)
    {
        await full.FlushAsync(cancellationToken);
        _ended.Add(Record(full));
        _writer = null;
        await full.DisposeAsync();
    }
}
