// The tables that a flush or a compaction writes. A new one begins when the present one is large enough, and never between two versions of a key; range
// tombstones are cut where tables are, so that the tables of a level share no key.
//
// Faults: whatever fails, Abandon closes and deletes what was written; nothing refers to it yet, and its numbers are not used again.

using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>Writes versions and range tombstones into as many tables as they need. One owner.</summary>
internal sealed class TableOutput(TreeCore core, TableShelf shelf, IReadOnlyList<RangeTombstone> tombstones, long tableBytes)
{
    private readonly List<LsmTable> _tables = [];
    private readonly List<ulong> _numbers = [];
    private TableWriter? _writer;
    private ulong _number;
    private ReadOnlyMemory<byte>? _from;

    /// <summary>The finished tables, in key order.</summary>
    public IReadOnlyList<LsmTable> Tables => _tables;

    public async ValueTask AddAsync(EntryCursor version, bool isNewKey, CancellationToken cancellationToken)
    {
        if (_writer is null || (isNewKey && _writer.BytesWritten >= tableBytes))
        {
            await BeginAsync(version.KeyMemory, cancellationToken);
        }

        await _writer!.AddAsync(version.KeyMemory, version.Sequence, version.Kind, version.Value, cancellationToken);
    }

    /// <summary>Finishes the last table. The folder is not flushed.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_writer is null && tombstones.Count > 0)
        {
            await CreateAsync(cancellationToken);
        }

        if (_writer is not null)
        {
            await FinishTableAsync(null, cancellationToken);
        }
    }

    /// <summary>Closes and deletes everything.</summary>
    public async Task AbandonAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.AbandonAsync();
        }

        foreach (ulong number in _numbers)
        {
            string path = shelf.PathOf(number);
            try
            {
                await core.Platform.Disk.DeleteAsync(path, CancellationToken.None);
            }
            catch (DiskException exception)
            {
                LsmEvents.LogDeleteFailed(core.Logger, exception, path);
            }
        }
    }

    private async ValueTask BeginAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            await CreateAsync(cancellationToken);
            return;
        }

        byte[] border = key.ToArray();
        await FinishTableAsync(border, cancellationToken);
        _from = border;
        await CreateAsync(cancellationToken);
    }

    private async ValueTask CreateAsync(CancellationToken cancellationToken)
    {
        ulong number = core.TakeNumber();
        _writer = await TableWriter.CreateAsync(
            core.Platform.Disk, shelf.PathOf(number), number, core.Options.Tables, cancellationToken);
        _number = number;
        _numbers.Add(number);
    }

    private async ValueTask FinishTableAsync(ReadOnlyMemory<byte>? border, CancellationToken cancellationToken)
    {
        TableWriter writer = _writer!;
        for (int i = 0; i < tombstones.Count; i++)
        {
            RangeTombstone tombstone = tombstones[i];
            ReadOnlyMemory<byte> start = _from is { } from && tombstone.Start.Span.SequenceCompareTo(from.Span) < 0 ? from : tombstone.Start;
            ReadOnlyMemory<byte> end = border is { } cut && tombstone.End.Span.SequenceCompareTo(cut.Span) > 0 ? cut : tombstone.End;
            if (start.Span.SequenceCompareTo(end.Span) < 0)
            {
                writer.AddRangeTombstone(new RangeTombstone(start, end, tombstone.Sequence));
            }
        }

        TableSummary summary = await writer.FinishAsync(cancellationToken);
        _writer = null;
        _tables.Add(new LsmTable(_number, summary));
    }
}
