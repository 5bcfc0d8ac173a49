// Takes backups of a running cluster, through the client protocol, from whichever member serves it. A base comes from one member over one connection, and begins anew when that breaks; entries come from any
// member, since they are asked for behind an index and a term, and by log matching no member can answer with those of another history.
//
// Concurrency model: a call uses the caller's task and has none of its own; one call at a time for a folder. Fault model: members refuse, stop, fall silent, cut their logs; the disk fails at any
// call, or the process ends: the folder then holds what its last manifest says, or, without one, no backup.

using Microsoft.Extensions.Logging;
using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Taking;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Backup;

/// <summary>Takes a backup into a folder of the platform's disk, and continues it.</summary>
public sealed class BackupTaker
{
    // Entries are read between chunks, as many as there are, or a long transfer would find the logs cut; but a flood of them must not keep the chunks from coming.
    private const int AnswersPerChunk = 16;

    private readonly IPlatform _platform;
    private readonly BackupOptions _options;
    private readonly BackupFolder _folder;
    private readonly ILogger _logger;

    /// <param name="platform">Clock, network, disk and randomness.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public BackupTaker(IPlatform platform, BackupOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _options = options;
        _folder = new BackupFolder(platform.Disk, options.Folder);
        _logger = platform.Logging.CreateLogger("SimGraph.Replication.Backup");
    }

    /// <summary>Takes a whole backup: the state of one member as it is now, and what is committed until that has been copied.</summary>
    /// <exception cref="BackupException">The folder holds a backup already, or no member served; the folder then holds no backup.</exception>
    /// <exception cref="DiskException">The disk failed; the folder holds the whole backup, or none.</exception>
    public async Task<BackupSummary> TakeAsync(CancellationToken cancellationToken)
    {
        var rotation = new MemberRotation(_platform, _options);
        while (true)
        {
            await _folder.PrepareAsync(cancellationToken);
            try
            {
                await using BackupSource source = await BackupSource.ConnectAsync(_platform, _options, rotation.Next(), cancellationToken);
                BackupSummary taken = (await CopyAsync(source, cancellationToken)).Summarize();
                BackupLog.Taken(_logger, taken.ClusterId, source.Address, taken.Base, taken.End, taken.Bytes);
                return taken;
            }
            catch (SourceFailedException exception)
            {
                await NextAttemptAsync(rotation, exception, cancellationToken);
            }
        }
    }

    /// <summary>Appends what was committed since to the backup that the folder holds.</summary>
    /// <exception cref="BackupGapException">The members' logs begin behind its end: it cannot be continued.</exception>
    /// <exception cref="BackupException">There is no backup, or it is of another cluster, or no member served.</exception>
    /// <exception cref="BackupCorruptException">The manifest is damaged.</exception>
    /// <exception cref="DiskException">The disk failed; the folder holds the backup as it was before, or as it is now.</exception>
    public async Task<BackupSummary> ContinueAsync(CancellationToken cancellationToken)
    {
        BackupManifest manifest = await LoadAsync(cancellationToken);
        await using var archive = new EntryArchive(_folder, manifest, _options.FileBytesMax);
        var rotation = new MemberRotation(_platform, _options);
        int cuts = 0;
        while (true)
        {
            try
            {
                await using BackupSource source = await BackupSource.ConnectAsync(_platform, _options, rotation.Next(), cancellationToken);
                EntriesOutcome outcome = await PullAsync(source, archive, int.MaxValue, cancellationToken);
                if (outcome != EntriesOutcome.Cut)
                {
                    return (await PublishAsync(archive, manifest, cancellationToken)).Summarize();
                }
            }
            catch (SourceFailedException exception)
            {
                await NextAttemptAsync(rotation, exception, cancellationToken);
                continue;
            }

            if (++cuts >= _options.Addresses.Length)
            {
                await PublishAsync(archive, manifest, cancellationToken);
                throw Gap(archive);
            }
        }
    }

    /// <summary>Continues the backup again and again until it is cancelled: its end is never much older than <see cref="BackupOptions.FollowInterval"/>.</summary>
    /// <exception cref="BackupGapException">The members' logs begin behind its end: it cannot be continued.</exception>
    /// <exception cref="BackupException">There is no backup, or it is of another cluster. That no member serves for a while is no reason.</exception>
    /// <exception cref="BackupCorruptException">The manifest is damaged.</exception>
    /// <exception cref="DiskException">The disk failed; the folder holds the backup as of one of its ends.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; as above.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        BackupManifest manifest = await LoadAsync(cancellationToken);
        await using var archive = new EntryArchive(_folder, manifest, _options.FileBytesMax);
        var rotation = new MemberRotation(_platform, _options);
        int cuts = 0;
        while (true)
        {
            try
            {
                await using BackupSource source = await BackupSource.ConnectAsync(_platform, _options, rotation.Next(), cancellationToken);
                while (await PullAsync(source, archive, AnswersPerChunk, cancellationToken) is var outcome && outcome != EntriesOutcome.Cut)
                {
                    cuts = 0;
                    rotation.Succeeded();
                    manifest = await PublishAsync(archive, manifest, cancellationToken);
                    if (outcome == EntriesOutcome.NothingNewer)
                    {
                        await _platform.Clock.DelayAsync(_options.FollowInterval, cancellationToken);
                    }
                }

                if (++cuts >= _options.Addresses.Length)
                {
                    throw Gap(archive);
                }
            }
            catch (SourceFailedException exception)
            {
                BackupLog.SourceFailed(_logger, exception.Message);
                manifest = await PublishAsync(archive, manifest, cancellationToken);
                await rotation.RestAsync(cancellationToken);
            }
        }
    }

    private async Task<BackupManifest> LoadAsync(CancellationToken cancellationToken)
    {
        BackupManifest manifest = await _folder.LoadAsync(cancellationToken);
        if (manifest.ClusterId != _options.ClusterId)
        {
            throw new BackupException($"'{_folder.Shown}' holds a backup of cluster '{manifest.ClusterId}', not of '{_options.ClusterId}'");
        }

        // What an attempt before could not flush is there to be read, and power loss may still take it back: who says that the backup goes so far has written it anew.
        await _folder.PublishAsync(manifest, cancellationToken);
        return manifest;
    }

    private async Task<BackupManifest> CopyAsync(BackupSource source, CancellationToken cancellationToken)
    {
        FrozenAnswer frozen = await source.FreezeAsync(cancellationToken);
        ulong id = (ulong)_platform.Random.Get("backup.id").NextInt64(1, long.MaxValue);
        var header = new BackupFileHeader(BackupFileKind.Base, id, frozen.Position);
        await using BackupFileWriter state = await BackupFileWriter.CreateAsync(_folder.Disk, _folder.BasePath(frozen.Position.Index), header, cancellationToken);
        var manifest = new BackupManifest(id, _options.ClusterId, frozen.Position, frozen.Digest, default, frozen.Digest, []);
        await using var archive = new EntryArchive(_folder, manifest, _options.FileBytesMax);
        await CopyStateAsync(source, state, archive, cancellationToken);
        await PullAsync(source, archive, int.MaxValue, cancellationToken);
        await state.FlushAsync(cancellationToken);
        manifest = await archive.FlushAsync(cancellationToken) with { BaseFile = new BackupFileRecord(state.Length, state.Hash) };
        await _folder.PublishAsync(manifest, cancellationToken);
        _platform.Probes.Sometimes(manifest.Files.Count > 0, "backup.taken-while-writing");
        return manifest;
    }

    private static async Task CopyStateAsync(BackupSource source, BackupFileWriter state, EntryArchive archive, CancellationToken cancellationToken)
    {
        ulong length = 0;
        ulong hash = 0;
        for (uint number = 0; ; number++)
        {
            ChunkAnswer chunk = await source.ReadChunkAsync(number, cancellationToken);
            if (!chunk.Data.IsEmpty)
            {
                length += (ulong)chunk.Data.Length;
                hash = StagedState.NextHash(hash, chunk.Data.Span);
                await state.AppendAsync(default, chunk.Data, cancellationToken);
            }

            await PullAsync(source, archive, AnswersPerChunk, cancellationToken);
            if (!chunk.IsLast)
            {
                continue;
            }

            if (chunk.StateLength != length || chunk.StateHash != hash)
            {
                throw new SourceFailedException($"{source.Address}: the state arrived as {length} bytes, and not as the {chunk.StateLength} bytes that were sent");
            }

            await source.ReleaseAsync(cancellationToken);
            return;
        }
    }

    /// <summary>Reads entries up to what the member had applied at its first answer.</summary>
    /// <returns>Found: there may be more. NothingNewer: the archive has what the member had. Cut: the member cannot help.</returns>
    private static async Task<EntriesOutcome> PullAsync(BackupSource source, EntryArchive archive, int answersMax, CancellationToken cancellationToken)
    {
        ulong? target = null;
        for (int answers = 0; answers < answersMax; answers++)
        {
            EntriesAnswer answer = await source.ReadEntriesAsync(archive.End, cancellationToken);
            switch (answer.Outcome)
            {
                case EntriesOutcome.AnotherHistory:
                    throw new BackupException(
                        $"{source.Address} has another entry at {archive.End.Index} than the backup, of which entry {archive.End} is the last: it is not the cluster that the backup is from");
                case EntriesOutcome.Cut:
                    return EntriesOutcome.Cut;
            }

            await archive.AddAsync(answer, cancellationToken);
            target ??= answer.Applied.Index;
            if (archive.End.Index >= target)
            {
                return EntriesOutcome.NothingNewer;
            }

            if (answer.Outcome == EntriesOutcome.NothingNewer)
            {
                return EntriesOutcome.NothingNewer;
            }
        }

        return EntriesOutcome.Found;
    }

    private async Task<BackupManifest> PublishAsync(EntryArchive archive, BackupManifest before, CancellationToken cancellationToken)
    {
        if (!archive.HasNews)
        {
            return before;
        }

        BackupManifest manifest = await archive.FlushAsync(cancellationToken);
        await _folder.PublishAsync(manifest, cancellationToken);
        BackupLog.Extended(_logger, manifest.ClusterId, manifest.End);
        return manifest;
    }

    private async Task NextAttemptAsync(MemberRotation rotation, SourceFailedException failure, CancellationToken cancellationToken)
    {
        if (rotation.Failed + 1 >= _options.AttemptsMax)
        {
            throw new BackupException($"no member served the backup in {_options.AttemptsMax} attempts; the last one failed with: {failure.Message}", failure);
        }

        BackupLog.SourceFailed(_logger, failure.Message);
        await rotation.RestAsync(cancellationToken);
    }

    private BackupGapException Gap(EntryArchive archive)
    {
        _platform.Probes.Reachable("backup.gap");
        return new BackupGapException(
            $"the backup in '{_folder.Shown}' ends at {archive.End}, and no member's log reaches back to there: take a new one into a folder of its own, and continue it more often");
    }
}
