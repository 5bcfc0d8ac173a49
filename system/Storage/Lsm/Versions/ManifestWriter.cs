// The open manifest. Commits take turns.
//
// Faults: a write that fails may have left a part of the record, so nothing is appended behind it; the manifest is written anew, and until that
// has succeeded nobody knows whether the edit will be found by a restart. So a commit either succeeds, or the process restarts, or the tree is
// poisoned: it is never given up, and the files it names are never deleted. A flush, a rename or a flush of the folder that fails poisons.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Tree;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>Makes versions durable and then the present ones. Thread-safe.</summary>
internal sealed class ManifestWriter(TreeCore core, ulong generation, ReadOnlyMemory<byte>[] pointers)
{
    private readonly AsyncLock _turn = new();
    private readonly object _gate = new();
    private readonly List<Action<DiskException>> _troubled = [];
    private readonly string _path = DiskPath.Join(core.Options.Folder, TreeFiles.Manifest);
    private readonly string _nextPath = DiskPath.Join(core.Options.Folder, TreeFiles.NextManifest);
    private IFile? _file;
    private ulong _generation = generation;
    private ulong _ordinal;
    private long _length;
    private long _firstLength;
    private bool _damaged;

    /// <summary>Where the next compaction of a level goes on; read between commits by the one who compacts.</summary>
    public ReadOnlyMemory<byte> PointerOf(int level) => pointers[level];

    /// <summary>Writes the present version as a new manifest.</summary>
    /// <exception cref="DiskException">The disk failed; the old manifest may or may not be replaced.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteNextAsync(Whole(core.State.Version, core.DurableSequence), cancellationToken);
            await ReplaceAsync(cancellationToken);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes an edit durable and the version after it the present one. Cancelled, it leaves unknown whether a restart finds the edit: files that it names must stay.
    /// </summary>
    /// <returns>False: nothing was done, because a replacement of the whole content came first, or the tree is stopped.</returns>
    /// <param name="edit">Its numbers and sequence are filled in here.</param>
    /// <param name="flushed">The memtable that the edit makes durable, if it is one of a flush.</param>
    /// <param name="troubled">Told each time the disk refuses, this edit or the one whose turn it is, before the next try.</param>
    /// <param name="cancellationToken">Ends waiting for a disk that has no room.</param>
    /// <exception cref="LsmFailedException">The tree is poisoned.</exception>
    public async Task<bool> CommitAsync(VersionEdit edit, Memtable? flushed, Action<DiskException> troubled, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _troubled.Add(troubled);
        }

        try
        {
            return await CommitInTurnAsync(edit, flushed, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _troubled.Remove(troubled);
            }
        }
    }

    private async Task<bool> CommitInTurnAsync(VersionEdit edit, Memtable? flushed, CancellationToken cancellationToken)
    {
        // Not the token: a stop makes whoever has the turn end, and who comes behind it must learn that nothing was written.
        using AsyncLock.Holder holder = await _turn.EnterAsync(CancellationToken.None);
        if (core.IsClosed || !core.State.Allows(edit, flushed))
        {
            return false;
        }

        core.ThrowIfNotWritable();

        ulong durable = flushed is null ? core.DurableSequence : flushed.LastSequence;
        edit = edit with { NextNumber = core.NextNumber, DurableSequence = durable };
        TreeVersion version = core.State.Version.After(edit);
        foreach ((int level, ReadOnlyMemory<byte> key) in edit.Pointers)
        {
            pointers[level] = key;
        }

        await WriteAsync(edit, version, durable, cancellationToken);
        core.Publish(version, flushed, durable);
        return true;
    }

    /// <summary>Puts tables in the place of everything that the tree holds, memtables included. Cancelled, it leaves unknown what a restart finds.</summary>
    /// <exception cref="LsmFailedException">The tree is poisoned.</exception>
    public async Task ReplaceContentAsync(IReadOnlyList<LsmTable> tables, ulong sequence, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await _turn.EnterAsync(cancellationToken);
        core.ThrowIfNotWritable();
        LsmTable[][] levels = core.State.Version.Levels;
        var removed = new List<(int, ulong)>();
        for (int level = 0; level < levels.Length; level++)
        {
            foreach (LsmTable table in levels[level])
            {
                removed.Add((level, table.Number));
            }
        }

        var added = new List<(int, LsmTable)>();
        for (int i = 0; i < tables.Count; i++)
        {
            added.Add((levels.Length - 1, tables[i]));
        }

        var edit = new VersionEdit { NextNumber = core.NextNumber, DurableSequence = sequence, Removed = removed, Added = added };
        TreeVersion version = core.State.Version.After(edit);
        await WriteAsync(edit, version, sequence, cancellationToken);
        core.PublishReplaced(version, sequence);
    }

    /// <summary>Closes the file. Idempotent.</summary>
    public async Task CloseAsync()
    {
        IFile? file = _file;
        _file = null;
        if (file is not null)
        {
            await file.DisposeAsync();
        }
    }

    private async Task WriteAsync(VersionEdit edit, TreeVersion version, ulong durable, CancellationToken cancellationToken)
    {
        while (await TryWriteAsync(edit, version, durable, cancellationToken) is { } trouble)
        {
            core.Counters.AddFailure();
            LsmEvents.LogManifestFailed(core.Logger, trouble, _path, core.Options.RetryDelay);
            TellOf(trouble);
            await core.Platform.Clock.DelayAsync(core.Options.RetryDelay, cancellationToken);
        }
    }

    private void TellOf(DiskException trouble)
    {
        Action<DiskException>[] troubled;
        lock (_gate)
        {
            troubled = [.. _troubled];
        }

        foreach (Action<DiskException> tell in troubled)
        {
            tell(trouble);
        }
    }

    // Null when it is written; else what the disk said.
    private async Task<DiskException?> TryWriteAsync(VersionEdit edit, TreeVersion version, ulong durable, CancellationToken cancellationToken)
    {
        try
        {
            if (!_damaged && _length - _firstLength <= core.Options.ManifestBytesMax && !core.Platform.Probes.Buggify("lsm.manifest-anew"))
            {
                byte[] record = ManifestCodec.EncodeRecord(_generation, _ordinal, edit);
                _damaged = true;
                await _file!.WriteAsync(_length, record, CancellationToken.None);
                await FlushAsync(record.Length);
                _damaged = false;
                return null;
            }

            await WriteNextAsync(Whole(version, durable), cancellationToken);
        }
        catch (DiskException exception)
        {
            return exception;
        }

        try
        {
            // Not the token: what is named now is made durable, or nobody knows what is there.
            await ReplaceAsync(CancellationToken.None);
            return null;
        }
        catch (DiskException exception)
        {
            throw core.Fail(exception);
        }
    }

    private async Task FlushAsync(int recordBytes)
    {
        try
        {
            await _file!.FlushAsync(CancellationToken.None);
        }
        catch (DiskException exception)
        {
            throw core.Fail(exception);
        }

        _length += recordBytes;
        _ordinal++;
    }

    private VersionEdit Whole(TreeVersion version, ulong durable)
    {
        var added = new List<(int, LsmTable)>();
        var places = new List<(int, ReadOnlyMemory<byte>)>();
        for (int level = 0; level < version.Levels.Length; level++)
        {
            foreach (LsmTable table in version.Levels[level])
            {
                added.Add((level, table));
            }

            if (!pointers[level].IsEmpty)
            {
                places.Add((level, pointers[level]));
            }
        }

        return new VersionEdit { NextNumber = core.NextNumber, DurableSequence = durable, Added = added, Pointers = places };
    }

    // Until it is renamed nothing refers to it, so that whatever goes wrong here may be tried again with a new file.
    private async Task WriteNextAsync(VersionEdit whole, CancellationToken cancellationToken)
    {
        IDisk disk = core.Platform.Disk;
        await disk.DeleteAsync(_nextPath, cancellationToken);
        ulong generation = _generation + 1;
        byte[] head = ManifestCodec.EncodeHead(generation);
        byte[] record = ManifestCodec.EncodeRecord(generation, 0, whole);
        IFile file = await disk.OpenAsync(_nextPath, FileOpenMode.CreateNew, cancellationToken);
        try
        {
            await file.WriteAsync(0, head, cancellationToken);
            await file.WriteAsync(head.Length, record, cancellationToken);
            await file.FlushAsync(cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await CloseAsync();
        _file = file;
        _generation = generation;
        _ordinal = 1;
        _length = _firstLength = head.Length + record.Length;
    }

    private async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        IDisk disk = core.Platform.Disk;
        await disk.RenameAsync(_nextPath, _path, cancellationToken);
        await TreeFolder.FlushAsync(core, cancellationToken);
        _damaged = false;
        core.Platform.Probes.Reachable("lsm.manifest-begun");
    }
}
