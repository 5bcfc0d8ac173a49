// Removes the oldest files and keeps the rest of the chain checkable: the anchor, durable before the first file goes, says where the chain begins and
// which hash its first line must name. What is removed is checked before; nothing that is damaged goes, because it is evidence.
//
// A file's age is that of its last line, seen from the wall clock or the newest line's time, whichever is earlier.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Applies <see cref="AuditOptions.RetentionAge"/> and <see cref="AuditOptions.RetentionBytesMax"/>. One caller.</summary>
internal sealed class AuditRetention(IPlatform platform, AuditOptions options, AuditFolder folder, ILogger logger)
{
    private readonly ClockWatch _clock = new(platform.Clock, options.ClockSettleTime, logger);

    /// <summary>Removes what may go now.</summary>
    /// <exception cref="DiskException">The disk failed; it can be tried again.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? now = _clock.Look() is { } wall && folder.LastTime is { } last ? (wall < last ? wall : last) : null;
        AuditFile[] files = folder.List();
        long bytes = files.Sum(file => file.Bytes);
        var anchor = folder.Anchor;
        AuditAnchor kept = anchor;
        for (int i = 0; i < files.Length - 1; i++)
        {
            bool tooMuch = bytes > options.RetentionBytesMax;
            if (!tooMuch && !await IsTooOldAsync(files[i], kept, now, cancellationToken))
            {
                break;
            }

            (AuditChain chain, _, AuditDefect? defect) = await ReadAsync(files[i], kept, cancellationToken);
            if (defect is null && chain.Next != files[i + 1].First)
            {
                defect = new AuditDefect(
                    folder.PathOf(files[i + 1]), 1, chain.Next, 0, $"events {chain.Next} to {files[i + 1].First - 1} are missing before this file");
            }

            if (defect is not null)
            {
                AuditLogEvents.LogRetentionWaits(logger, defect);
                break;
            }

            kept = new AuditAnchor(chain.Next, chain.Previous!);
            bytes -= files[i].Bytes;
        }

        if (kept != anchor || folder.LeftBeforeAnchor.Count > 0)
        {
            await RemoveBeforeAsync(kept, cancellationToken);
        }
    }

    private async Task<bool> IsTooOldAsync(AuditFile file, AuditAnchor kept, DateTimeOffset? now, CancellationToken cancellationToken)
    {
        if (options.RetentionAge is not { } age || now is null)
        {
            return false;
        }

        if (file.LastTime is null)
        {
            (_, DateTimeOffset? last, AuditDefect? defect) = await ReadAsync(file, kept, cancellationToken);
            if (defect is not null)
            {
                AuditLogEvents.LogRetentionWaits(logger, defect);
                return false;
            }

            // Looked up once for as long as the process lives.
            file = file with { LastTime = last };
            folder.Replace(file);
        }

        return now - file.LastTime > age;
    }

    private async Task<(AuditChain Chain, DateTimeOffset? LastTime, AuditDefect? Defect)> ReadAsync(
        AuditFile file, AuditAnchor kept, CancellationToken cancellationToken)
    {
        var chain = new AuditChain(file.First, file.First == kept.Sequence ? kept.Previous : null);
        DateTimeOffset? lastTime = null;
        AuditBytes bytes = await AuditBytes.OpenAsync(folder.Disk, folder.PathOf(file), file.Compressed, long.MaxValue, cancellationToken);
        await using var reader = new AuditFileReader(new AuditLineReader(bytes), chain);
        while (await reader.MoveNextAsync(cancellationToken))
        {
            lastTime = reader.Record.Time;
        }

        return (chain, lastTime, reader.Defect);
    }

    // Not to be cancelled in the middle: it takes a few small disk calls.
    private async Task RemoveBeforeAsync(AuditAnchor anchor, CancellationToken cancellationToken)
    {
        string temporary = folder.AnchorPath + AuditFormat.TemporarySuffix;
        await folder.Disk.DeleteAsync(temporary, cancellationToken);
        await using (IFile file = await folder.Disk.OpenAsync(temporary, FileOpenMode.CreateNew, cancellationToken))
        {
            await file.WriteAsync(0, anchor.Encode(platform.Clock.GetUtcNow()), CancellationToken.None);
            await file.FlushAsync(CancellationToken.None);
        }

        using AsyncLock.Holder holder = await folder.Names.EnterAsync(CancellationToken.None);
        if (!folder.TryBeginAt(anchor))
        {
            await folder.Disk.DeleteAsync(temporary, CancellationToken.None);
            platform.Probes.Reachable("audit.retention-waited");
            return;
        }

        // Also when it says the same as before: whether that was ever durable is unknown.
        await folder.Disk.RenameAsync(temporary, folder.AnchorPath, CancellationToken.None);
        await folder.Disk.FlushDirectoryAsync(folder.Directory, CancellationToken.None);
        foreach (string name in folder.LeftBeforeAnchor)
        {
            await folder.Disk.DeleteAsync(DiskPath.Join(folder.Directory, name), CancellationToken.None);
        }

        await folder.Disk.FlushDirectoryAsync(folder.Directory, CancellationToken.None);
        platform.Probes.Reachable("audit.retired");
        AuditLogEvents.LogRetired(logger, folder.LeftBeforeAnchor.Count, anchor.Sequence);
        folder.LeftBeforeAnchor = [];
    }
}
