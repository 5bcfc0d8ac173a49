// Segments that are there again although they were deleted: the flush of the folder behind the deletion failed, the process that came next did not see
// them and deleted the segments behind them, and then the power failed. They stand before a gap in the numbers, and nothing in them is needed.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Probes;

namespace SimGraph.Storage.Log;

/// <summary>The segments in front of the last gap in the numbers of a folder.</summary>
internal sealed class LeftoverSegments(IDisk disk, WriteAheadLogOptions options, IReadOnlyList<ulong> sequences)
{
    /// <summary>How many of the ascending numbers stand before the last gap.</summary>
    public static int CountIn(IReadOnlyList<ulong> sequences)
    {
        for (int i = sequences.Count - 1; i > 0; i--)
        {
            if (sequences[i] != sequences[i - 1] + 1)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>
    /// Whether the log behind the gap, which has no hole, shows that nothing before the gap is needed. Entries show it: they follow the start. Without any, an
    /// entry before the gap that the start does not cover would be missed, unless a term above its own replaced it.
    /// </summary>
    public async Task<bool> AreCoveredAsync(LogReplay behindGap, CancellationToken cancellationToken)
    {
        if (behindGap.Entries.Count > 0)
        {
            return true;
        }

        foreach (ulong sequence in sequences)
        {
            var replay = new LogReplay();
            replay.BeginSegment(sequence);
            await using IFile file = await disk.OpenAsync(PathOf(sequence), FileOpenMode.Existing, cancellationToken);
            SegmentScan scan = await new SegmentReader(file, sequence, options.RecordBytesMax).ReplayAsync(replay, cancellationToken);
            LogPosition last = replay.Entries.Count == 0 ? replay.Start : new(replay.Entries[^1].Index, replay.Entries[^1].Term);
            if (scan.Damage is not null || (last.Index > behindGap.Start.Index && last.Term >= behindGap.Start.Term))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes them, durably.</summary>
    public async Task RemoveAsync(IProbes probes, ILogger logger, CancellationToken cancellationToken)
    {
        foreach (ulong sequence in sequences)
        {
            string path = PathOf(sequence);
            probes.Reachable("wal.leftover-removed");
            WriteAheadLogEvents.LogSegmentDeleted(logger, path);
            await disk.DeleteAsync(path, cancellationToken);
        }

        await disk.FlushDirectoryAsync(options.Directory, cancellationToken);
    }

    private string PathOf(ulong sequence) => DiskPath.Join(options.Directory, SegmentName.Of(sequence));
}
