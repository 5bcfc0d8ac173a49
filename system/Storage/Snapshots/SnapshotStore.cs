// The newest snapshot of the state machine, in one file. A snapshot appears under its name only when it is whole and durable: temporary file, write,
// flush, rename, flush of the folder; the ones before it go afterwards.
//
// Faults: a crash at any point leaves the old snapshot, the new one, or both; open takes the newest. A damaged newest one is refused and
// never silently replaced by an older one, because the log between them may have been truncated. A failed flush of the folder leaves unknown
// which names are durable, so the store then saves nothing more; other failures leave it usable (a full disk may have room again).
// Concurrency: saves take turns.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Probes;

namespace SimGraph.Storage.Snapshots;

/// <summary>Keeps the newest snapshot of a machine. Thread-safe.</summary>
public sealed class SnapshotStore
{
    private const int ChunkBytes = 4 << 20;
    private readonly IDisk _disk;
    private readonly IProbes _probes;
    private readonly ILogger _logger;
    private readonly SnapshotStoreOptions _options;
    private readonly AsyncLock _saving = new();
    private readonly SortedSet<ulong> _files = [];
    private volatile StoredSnapshot? _latest;
    private DiskException? _poison;

    private SnapshotStore(IPlatform platform, SnapshotStoreOptions options)
    {
        _disk = platform.Disk;
        _probes = platform.Probes;
        _logger = platform.Logging.CreateLogger("SimGraph.Storage.Snapshots");
        _options = options;
    }

    /// <summary>The newest durable snapshot; null if there is none.</summary>
    public StoredSnapshot? Latest => _latest;

    /// <summary>Loads and verifies the newest snapshot and removes what an interrupted save left behind.</summary>
    /// <exception cref="SnapshotCorruptException">The newest snapshot is damaged; nothing was changed.</exception>
    /// <exception cref="SnapshotStoreException">The disk failed.</exception>
    public static async Task<SnapshotStore> OpenAsync(IPlatform platform, SnapshotStoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var store = new SnapshotStore(platform, options);
        try
        {
            await store.LoadAsync(cancellationToken);
        }
        catch (DiskException exception)
        {
            throw new SnapshotStoreException($"the snapshots in '{options.Directory}' cannot be opened: {exception.Message}", exception);
        }

        return store;
    }

    /// <summary>
    /// Saves a snapshot; it is durable and <see cref="Latest"/> when the task ends. One that is not newer than <see cref="Latest"/> is not needed, and
    /// nothing is done. Cancelled or failed, it leaves <see cref="Latest"/> as it was.
    /// </summary>
    /// <exception cref="SnapshotStoreException">The disk failed or is full.</exception>
    public async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfZero(snapshot.Position.Index, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapshot.Data.Length, _options.SnapshotBytesMax, nameof(snapshot));
        using AsyncLock.Holder holder = await _saving.EnterAsync(cancellationToken);
        if (_latest is { } latest && latest.Position.Index >= snapshot.Position.Index)
        {
            return;
        }

        if (_poison is not null)
        {
            throw NewFailure(snapshot, _poison);
        }

        try
        {
            await WriteAsync(snapshot, cancellationToken);
            await PublishAsync(snapshot);
        }
        catch (DiskException exception)
        {
            SnapshotStoreEvents.LogSaveFailed(_logger, exception, snapshot.Position.Index);
            throw NewFailure(snapshot, exception);
        }

        await DeleteOlderAsync();
    }

    private static SnapshotStoreException NewFailure(StoredSnapshot snapshot, DiskException cause) =>
        new($"the snapshot up to entry {snapshot.Position.Index} was not saved: {cause.Message}", cause);

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _disk.CreateDirectoryAsync(_options.Directory, cancellationToken);
        var temporary = new List<string>();
        foreach (string name in await _disk.ListAsync(_options.Directory, cancellationToken))
        {
            if (SnapshotName.TryParse(name, out ulong index))
            {
                _files.Add(index);
            }
            else if (SnapshotName.IsTemporary(name))
            {
                temporary.Add(name);
            }
        }

        if (_files.Count > 0)
        {
            _latest = await ReadAsync(_files.Max, cancellationToken);

            // The process before may have died between the rename and the flush of the folder.
            await _disk.FlushDirectoryAsync(_options.Directory, cancellationToken);
        }

        foreach (string name in temporary)
        {
            _probes.Reachable("snapshot.temporary-removed");
            await _disk.DeleteAsync(DiskPath.Join(_options.Directory, name), cancellationToken);
        }

        await DeleteOlderAsync();
    }

    private async Task<StoredSnapshot> ReadAsync(ulong index, CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(_options.Directory, SnapshotName.Of(index));
        await using IFile file = await _disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        byte[] headerBytes = new byte[SnapshotHeader.Bytes];
        int count = await file.ReadAsync(0, headerBytes, cancellationToken);
        if (!SnapshotHeader.TryRead(headerBytes.AsSpan(0, count), out SnapshotHeader header))
        {
            throw new SnapshotCorruptException(path, "its header is damaged");
        }

        if (WhatIsWrong(header, index, file.Length) is { } reason)
        {
            throw new SnapshotCorruptException(path, reason);
        }

        byte[] data = new byte[header.DataBytes];
        for (int read = 0; read < data.Length; read += count)
        {
            count = await file.ReadAsync(
                SnapshotHeader.Bytes + read, data.AsMemory(read, Math.Min(ChunkBytes, data.Length - read)), cancellationToken);
            if (count == 0)
            {
                throw new SnapshotCorruptException(path, "it ends early");
            }
        }

        return Crc32C.Compute(data) == header.DataChecksum
            ? new StoredSnapshot(header.Position, data)
            : throw new SnapshotCorruptException(path, "its data does not match its checksum");
    }

    private string? WhatIsWrong(in SnapshotHeader header, ulong index, long fileBytes)
    {
        if (header.Version != SnapshotHeader.CurrentVersion)
        {
            return $"format version {header.Version} is unknown, this program reads version {SnapshotHeader.CurrentVersion}";
        }

        if (header.Position.Index != index)
        {
            return $"its header says that it ends at entry {header.Position.Index}";
        }

        if (header.DataBytes != fileBytes - SnapshotHeader.Bytes)
        {
            return $"its header says {header.DataBytes} bytes of data, the file has {fileBytes - SnapshotHeader.Bytes}";
        }

        return header.DataBytes > _options.SnapshotBytesMax
            ? $"{header.DataBytes} bytes are more than the limit of {_options.SnapshotBytesMax} (SnapshotStoreOptions.SnapshotBytesMax)"
            : null;
    }

    private async Task WriteAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(_options.Directory, SnapshotName.TemporaryOf(snapshot.Position.Index));

        // A save that failed or was cancelled before may have left one behind.
        await _disk.DeleteAsync(path, cancellationToken);
        try
        {
            await using IFile file = await _disk.OpenAsync(path, FileOpenMode.CreateNew, cancellationToken);
            byte[] header = new byte[SnapshotHeader.Bytes];
            new SnapshotHeader(SnapshotHeader.CurrentVersion, snapshot.Position, snapshot.Data.Length, Crc32C.Compute(snapshot.Data.Span)).Write(header);
            await file.WriteAsync(0, header, cancellationToken);
            for (int written = 0; written < snapshot.Data.Length;)
            {
                ReadOnlyMemory<byte> chunk = snapshot.Data.Slice(written, Math.Min(ChunkBytes, snapshot.Data.Length - written));
                await file.WriteAsync(SnapshotHeader.Bytes + written, chunk, cancellationToken);
                written += chunk.Length;
            }

            await file.FlushAsync(cancellationToken);
        }
        catch
        {
            await TryDeleteAsync(path);
            throw;
        }
    }

    // Not to be cancelled in the middle: it takes a few small disk calls.
    private async Task PublishAsync(StoredSnapshot snapshot)
    {
        ulong index = snapshot.Position.Index;
        string path = DiskPath.Join(_options.Directory, SnapshotName.Of(index));
        string temporary = DiskPath.Join(_options.Directory, SnapshotName.TemporaryOf(index));
        try
        {
            await _disk.RenameAsync(temporary, path, CancellationToken.None);
            await _disk.FlushDirectoryAsync(_options.Directory, CancellationToken.None);
        }
        catch (DiskException exception)
        {
            _probes.Reachable("snapshot.store-poisoned");
            _poison = exception;
            throw;
        }

        _files.Add(index);
        _latest = snapshot;
        _probes.Reachable("snapshot.saved");
        SnapshotStoreEvents.LogSaved(_logger, path, index, snapshot.Data.Length);
    }

    private async Task DeleteOlderAsync()
    {
        while (_files.Count > 1)
        {
            if (!await TryDeleteAsync(DiskPath.Join(_options.Directory, SnapshotName.Of(_files.Min))))
            {
                return;
            }

            _files.Remove(_files.Min);
        }
    }

    private async Task<bool> TryDeleteAsync(string path)
    {
        try
        {
            await _disk.DeleteAsync(path, CancellationToken.None);
            return true;
        }
        catch (DiskException exception)
        {
            SnapshotStoreEvents.LogDeleteFailed(_logger, exception, path);
            return false;
        }
    }
}
