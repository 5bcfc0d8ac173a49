// Opens what a process left behind, however it ended. Reads the newest file, and the one before it if nothing of the newest survived.
//
// Fault model. Exactly one batch is in flight between two flushes, so after a crash only the last batch of the newest file can be torn, zeroed or missing
// in part. Damage there is a torn tail unless a later batch stands behind it; damage before that is corruption, and nothing is opened.
//
// What was read may stand in the page cache only: the process before may have died between a write and its flush, or because the flush failed, and
// after a failed flush a later one proves nothing. So the last batch is written again, byte for byte, and the length set again, before the flush
// that makes them ours. A file's name needs no such care: lines are written only after the name is durable. A file without lines is cut to nothing
// before it is deleted, because its name may come back when the flush of the folder fails; empty files say nothing.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Recovers one folder. Used once. Changes nothing unless the newest file is sound.</summary>
internal sealed class AuditRecoverer(IPlatform platform, AuditOptions options, ILogger logger)
{
    private readonly IDisk _disk = platform.Disk;
    private readonly AuditFolder _folder = new(platform.Disk, options.Directory, isLive: true);
    private AuditDefect? _torn;
    private AuditFile? _withoutLines;
    private long _bytesCut;
    private long _batchOffset;
    private DateTimeOffset _firstTime;

    /// <exception cref="AuditCorruptException">Durable lines are damaged or missing.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task<RecoveredAudit> RecoverAsync(CancellationToken cancellationToken)
    {
        await _disk.CreateDirectoryAsync(options.Directory, cancellationToken);
        AuditFolderContent content = await AuditFolderContent.ReadAsync(_disk, options.Directory, cancellationToken);
        foreach (AuditFile file in content.Files)
        {
            _folder.Put(file);
        }

        Invariant.Check(_folder.TryBeginAt(content.Anchor), "nobody reads a log that is being opened");
        _folder.LeftBeforeAnchor = content.BeforeAnchor;
        (AuditFile? newest, AuditFileReader? end, AuditChain chain) = await ReadEndAsync(content, cancellationToken);
        await RemoveUselessAsync(content, cancellationToken);
        ActiveAuditFile? active = null;
        if (newest is not null && end is not null)
        {
            if (!newest.Compressed)
            {
                active = await ResumeAsync(newest, end.GoodBytes, cancellationToken);
            }

            _folder.Put(newest with { Bytes = newest.Compressed ? newest.Bytes : end.GoodBytes, LastTime = end.Record.Time });
            _folder.Recovered(end.Record.Sequence, end.Record.Time);
        }

        if (_torn is not null)
        {
            platform.Probes.Reachable("audit.tail-cut");
            AuditLogEvents.LogTailCut(logger, _torn, _bytesCut);
        }

        return new RecoveredAudit(_folder, chain.Next, chain.Previous!, active, _bytesCut);
    }

    // The newest file that has a line, and what its last one says.
    private async Task<(AuditFile? File, AuditFileReader? End, AuditChain Chain)> ReadEndAsync(
        AuditFolderContent content, CancellationToken cancellationToken)
    {
        for (int i = content.Files.Count - 1; i >= 0; i--)
        {
            AuditFile file = content.Files[i];
            var chain = new AuditChain(file.First, file.First == content.Anchor.Sequence ? content.Anchor.Previous : null);
            AuditFileReader reader = await ReadFileAsync(file, chain, cancellationToken);
            if (reader.Defect is { } defect)
            {
                await JudgeAsync(file, defect, cancellationToken);
            }

            if (reader.Lines > 0)
            {
                return _withoutLines is not { } next || chain.Next == next.First
                    ? (file, reader, chain)
                    : throw Corrupt(_folder.PathOf(next), chain.Next, $"events {chain.Next} to {next.First - 1} are missing before this file");
            }

            _withoutLines = file;
        }

        ulong first = _withoutLines?.First ?? 1;
        return content.Anchor.Sequence == first
            ? (null, null, new AuditChain(content.Anchor.Sequence, content.Anchor.Previous))
            : throw Corrupt(options.Directory, content.Anchor.Sequence, "the files that held the end of the chain are missing");
    }

    private async Task<AuditFileReader> ReadFileAsync(AuditFile file, AuditChain chain, CancellationToken cancellationToken)
    {
        AuditBytes bytes = await AuditBytes.OpenAsync(_disk, _folder.PathOf(file), file.Compressed, long.MaxValue, cancellationToken);
        await using var reader = new AuditFileReader(new AuditLineReader(bytes), chain);
        while (await reader.MoveNextAsync(cancellationToken))
        {
            if (reader.Lines == 1)
            {
                _firstTime = reader.Record.Time;
            }

            if (reader.Record.Batch == reader.Record.Sequence)
            {
                _batchOffset = reader.Offset;
            }
        }

        return reader;
    }

    private async Task JudgeAsync(AuditFile file, AuditDefect defect, CancellationToken cancellationToken)
    {
        // Only one file can be torn, and only while it is not compressed.
        if (file.Compressed || _torn is not null || file.Bytes - defect.Offset > AuditFormat.BatchBytesMax)
        {
            throw new AuditCorruptException(defect);
        }

        byte[] rest = new byte[(int)(file.Bytes - defect.Offset)];
        await using (IFile handle = await _disk.OpenAsync(_folder.PathOf(file), FileOpenMode.Existing, cancellationToken))
        {
            int count = await handle.ReadAsync(defect.Offset, rest, cancellationToken);
            if (HoldsLaterBatch(rest.AsSpan(0, count), defect.Sequence) is { } later)
            {
                throw new AuditCorruptException(defect with { Reason = $"{defect.Reason}, and event {later} behind it shows that it was durable" });
            }
        }

        _torn = defect;
        _bytesCut = rest.Length;
    }

    private static ulong? HoldsLaterBatch(ReadOnlySpan<byte> rest, ulong sequence)
    {
        // Line ends may be damaged too, so a line is looked for at the last place in front of each end that looks like a start: no line holds such a
        // place in its middle, because quotes in texts are escaped.
        for (int length; (length = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(length + 1)..])
        {
            int start = rest[..length].LastIndexOf(AuditFormat.LineStart);
            if (start >= 0 && AuditLineParser.TryParse(rest[start..length], out AuditRecord record) is null && record.Batch > sequence)
            {
                return record.Sequence;
            }
        }

        return null;
    }

    private async Task RemoveUselessAsync(AuditFolderContent content, CancellationToken cancellationToken)
    {
        if (_withoutLines is { } file)
        {
            await using (IFile handle = await _disk.OpenAsync(_folder.PathOf(file), FileOpenMode.Existing, cancellationToken))
            {
                await handle.SetLengthAsync(0, cancellationToken);
                await handle.FlushAsync(cancellationToken);
            }

            platform.Probes.Reachable("audit.torn-file-removed");
            await _disk.DeleteAsync(_folder.PathOf(file), cancellationToken);
            _folder.Remove(file.First);
        }

        foreach (string name in content.Useless)
        {
            platform.Probes.Reachable("audit.useless-file-removed");
            await _disk.DeleteAsync(DiskPath.Join(options.Directory, name), cancellationToken);
        }

        await _disk.FlushDirectoryAsync(options.Directory, cancellationToken);
    }

    private async Task<ActiveAuditFile> ResumeAsync(AuditFile newest, long goodBytes, CancellationToken cancellationToken)
    {
        IFile file = await _disk.OpenAsync(_folder.PathOf(newest), FileOpenMode.Existing, cancellationToken);
        try
        {
            await file.SetLengthAsync(goodBytes, cancellationToken);
            await FileRewriting.WriteAgainAsync(file, _batchOffset, goodBytes, cancellationToken);
            await file.FlushAsync(cancellationToken);
            return new ActiveAuditFile(file, newest.First, goodBytes, _firstTime, platform.Clock.GetTimestamp());
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static AuditCorruptException Corrupt(string path, ulong sequence, string reason) => new(new AuditDefect(path, 1, sequence, 0, reason));
}
