// Opens what a process left behind, however it ended.
//
// Fault model. Between two flushes of a segment exactly one batch is in flight, so after a crash only the last batch can be torn, zeroed or
// missing in part; everything before it was durable. Hence:
//   - damage in a segment that has a whole successor is corruption: the successor was begun after the last flush;
//   - damage in the last segment is corruption if a batch that began behind it is there, else a torn tail, which is cut;
//   - a last segment whose head is damaged was never appended to and is removed, unless segments before it were deleted: those went only
//     after its head was durable.
// A damaged last batch that had been acknowledged looks exactly like a torn one and is cut too; replication is what repairs that.
//
// What was read may stand in the page cache only: the process before may have died between a write and its flush, or because the flush failed, and
// after a failed flush a later one proves nothing. So the last batch is written again, byte for byte, before the flush that makes it ours. The same
// holds for names: a segment that was never appended to may be there by name only until power is lost, so it is made again under another name and
// renamed; and a deletion may be undone by power loss, which leaves an old segment with a gap behind it.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Probes;

namespace SimGraph.Storage.Log;

/// <summary>Recovers the segments of one folder. Used once. Changes nothing unless the log is sound.</summary>
internal sealed class LogRecoverer(IDisk disk, IProbes probes, WriteAheadLogOptions options, ILogger logger)
{
    private readonly LogReplay _replay = new();
    private Segment? _last;
    private Segment? _torn;

    /// <exception cref="LogCorruptException">Durable bytes are damaged or missing.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task<RecoveredLog> RecoverAsync(CancellationToken cancellationToken)
    {
        await disk.CreateDirectoryAsync(options.Directory, cancellationToken);
        List<ulong> sequences = await ListSegmentsAsync(cancellationToken);
        int behindGap = LeftoverSegments.CountIn(sequences);
        for (int i = behindGap; i < sequences.Count; i++)
        {
            await ReplaySegmentAsync(sequences[i], isLast: i == sequences.Count - 1, cancellationToken);
        }

        string? reason = _replay.Finish();
        if (behindGap > 0)
        {
            var leftovers = new LeftoverSegments(disk, options, sequences[..behindGap]);
            if (reason is not null || !await leftovers.AreCoveredAsync(_replay, cancellationToken))
            {
                ulong missing = sequences[behindGap - 1] + 1;
                throw new LogCorruptException(options.Directory, 0, $"segment {missing} is missing before segment {sequences[behindGap]}");
            }

            await leftovers.RemoveAsync(probes, logger, cancellationToken);
        }
        else if (reason is not null)
        {
            throw new LogCorruptException(options.Directory, 0, reason);
        }

        long bytesCut = await RemoveTornSegmentAsync(cancellationToken);
        if (_last is not { } last)
        {
            return new RecoveredLog(_replay, await BeginFirstSegmentAsync(cancellationToken), bytesCut);
        }

        bytesCut += last.Scan.DamagedBytes;
        return new RecoveredLog(_replay, await ResumeAsync(last, cancellationToken), bytesCut);
    }

    private async Task<List<ulong>> ListSegmentsAsync(CancellationToken cancellationToken)
    {
        var sequences = new List<ulong>();
        foreach (string name in await disk.ListAsync(options.Directory, cancellationToken))
        {
            if (SegmentName.TryParse(name, out ulong sequence))
            {
                sequences.Add(sequence);
            }
        }

        sequences.Sort();
        return sequences;
    }

    private async Task ReplaySegmentAsync(ulong sequence, bool isLast, CancellationToken cancellationToken)
    {
        string path = PathOf(sequence);
        bool isOldest = _replay.Segments.Count == 0;
        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        _replay.BeginSegment(sequence);
        var reader = new SegmentReader(file, sequence, options.RecordBytesMax);
        SegmentScan scan = await reader.ReplayAsync(_replay, cancellationToken);
        if (scan.HeadIsWhole && _last is { } before && !before.Scan.EndsAt(scan.Header.PreviousBytes))
        {
            throw new LogCorruptException(
                PathOf(before.Sequence), before.Scan.FileBytes, $"the segment behind it says that it ended at {scan.Header.PreviousBytes}");
        }

        if (scan.Damage is not null)
        {
            await JudgeDamageAsync(reader, path, scan, isLast, cancellationToken);
        }

        if (scan.HeadIsWhole)
        {
            _last = new Segment(sequence, scan);
        }
        else if (isOldest && sequence > 1)
        {
            throw new LogCorruptException(path, scan.GoodBytes, $"{scan.Damage}, and the segments before it, which could replace it, are gone");
        }
        else
        {
            _torn = new Segment(sequence, scan);
            _replay.Segments.RemoveCurrent();
        }
    }

    private static async Task JudgeDamageAsync(SegmentReader reader, string path, SegmentScan scan, bool isLast, CancellationToken cancellationToken)
    {
        if (!isLast)
        {
            throw new LogCorruptException(path, scan.GoodBytes, $"{scan.Damage}, and a later segment shows that it was durable");
        }

        long later = await reader.FindBatchBehindAsync(scan.GoodBytes, cancellationToken);
        if (later >= 0)
        {
            throw new LogCorruptException(path, scan.GoodBytes, $"{scan.Damage}, and a later batch (record at {later}) shows that it was durable");
        }
    }

    private async Task<long> RemoveTornSegmentAsync(CancellationToken cancellationToken)
    {
        if (_torn is not { } torn)
        {
            return 0;
        }

        string path = PathOf(torn.Sequence);
        probes.Reachable("wal.torn-segment-removed");
        WriteAheadLogEvents.LogSegmentRemoved(logger, path, torn.Scan.Damage!);
        await disk.DeleteAsync(path, cancellationToken);
        await disk.FlushDirectoryAsync(options.Directory, cancellationToken);
        return torn.Scan.FileBytes;
    }

    private async Task<SegmentWriter> BeginFirstSegmentAsync(CancellationToken cancellationToken)
    {
        const ulong First = 1;
        var encoder = new RecordEncoder(options);
        encoder.EncodeHead(First, previousBytes: 0, state: null, start: default);
        SegmentWriter segment = await SegmentWriter.CreateAsync(disk, options, First, encoder.Encoded, cancellationToken);
        _replay.Segments.Begin(First);
        return segment;
    }

    private async Task<SegmentWriter> ResumeAsync(Segment last, CancellationToken cancellationToken)
    {
        string path = PathOf(last.Sequence);
        SegmentScan scan = last.Scan;
        if (scan.Damage is not null)
        {
            probes.Reachable("wal.tail-cut");
            WriteAheadLogEvents.LogTailCut(logger, path, scan.GoodBytes, scan.DamagedBytes, scan.Damage);
        }
        else if (scan.FileBytes > scan.GoodBytes)
        {
            probes.Reachable("wal.zeros-kept");
        }

        IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        try
        {
            if (scan.LastBatchStart == 0)
            {
                byte[] head = await FileRewriting.ReadHeadAsync(file, scan.GoodBytes, cancellationToken);
                await file.DisposeAsync();
                return await SegmentWriter.RenewAsync(disk, options, last.Sequence, head, cancellationToken);
            }

            long fileBytes = scan.Damage is null ? scan.FileBytes : scan.GoodBytes;
            await SetLengthAnewAsync(file, fileBytes, cancellationToken);
            await FileRewriting.WriteAgainAsync(file, scan.LastBatchStart, scan.GoodBytes, cancellationToken);
            await file.FlushAsync(cancellationToken);
            await disk.FlushDirectoryAsync(options.Directory, cancellationToken);
            return SegmentWriter.Resume(file, options, scan, fileBytes);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Also where the file has that length already: the process before may have cut it and died of a flush that failed, and what such a flush has forgotten no later one makes durable. The damaged tail would
    /// come back when the power fails, behind records that are whole, and below segments that are newer.
    /// </summary>
    private static async Task SetLengthAnewAsync(IFile file, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.SetLengthAsync(bytes + 1, cancellationToken);
        }
        catch (DiskException exception) when (exception.Error == DiskError.Full)
        {
            // Without room for a byte more, the length stays what the disk holds.
        }

        await file.SetLengthAsync(bytes, cancellationToken);
    }

    private string PathOf(ulong sequence) => DiskPath.Join(options.Directory, SegmentName.Of(sequence));

    private sealed record Segment(ulong Sequence, SegmentScan Scan);
}
