// Walks the versions of one table. Inside a block, and into a block that is in memory, a move is synchronous and copies no value; only the part of a key that differs from
// the key before is copied.
// Reading ahead: a cursor that goes forward through blocks which are not cached reads ever longer runs of them by one read.
// Faults: a move whose read fails leaves the cursor where it was, and may be tried again; a seek that fails leaves it not positioned.

using SimGraph.Runtime;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>A cursor over one table. One owner, one call at a time.</summary>
internal sealed class TableCursor(TableReader reader, bool fillCache) : EntryCursor
{
    private const int RunBytesMax = 64 << 10;
    private const int RunBlocksMax = 64;
    private readonly BackwardRun _run = new();
    private byte[] _key = new byte[128];
    private int _keyLength;

    // The block shown, its number, and where in it the entry shown and the one behind it are.
    private TableBlock? _block;
    private int _blockIndex;
    private int _position;
    private int _next;

    // Which entry of the run is shown, when the last move was backward; else -1, and the key shown stands in _key.
    private int _step = -1;

    // The last run of blocks that was read.
    private TableBlock[] _ahead = [];
    private int _aheadFirst;
    private int _aheadBlocks = 1;

    public override async ValueTask SeekAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken)
    {
        int index = reader.Index.Find(key.Span, sequence);
        ShowNothing();
        if (index < 0)
        {
            return;
        }

        EnterBlock(index, await LoadAsync(index, cancellationToken));
        TableBlock block = _block!;
        _next = block.RestartAt(block.RestartBefore(key.Span, sequence));
        while (_next < block.End)
        {
            StepForward(block);
            if (InternalOrder.Compare(Key, Sequence, key.Span, sequence) >= 0)
            {
                return;
            }
        }

        // All of the block is before the target, so the target's place is in front of the next one.
        ShowNothing();
        if (index + 1 < reader.Index.Count)
        {
            EnterBlock(index + 1, await LoadAsync(index + 1, cancellationToken));
            StepForward(_block!);
        }
    }

    public override async ValueTask SeekToFirstAsync(CancellationToken cancellationToken)
    {
        ShowNothing();
        if (reader.Index.Count > 0)
        {
            EnterBlock(0, await LoadAsync(0, cancellationToken));
            StepForward(_block!);
        }
    }

    public override async ValueTask SeekToLastAsync(CancellationToken cancellationToken)
    {
        ShowNothing();
        int last = reader.Index.Count - 1;
        if (last >= 0)
        {
            EnterBlock(last, await LoadAsync(last, cancellationToken));
            StepBefore(_block!, _block!.End);
        }
    }

    public override async ValueTask SeekBeforeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        int index = reader.Index.Find(key.Span, ulong.MaxValue);
        ShowNothing();
        if (index < 0)
        {
            return;
        }

        EnterBlock(index, await LoadAsync(index, cancellationToken));
        TableBlock block = _block!;
        int restart = block.RestartBefore(key.Span, ulong.MaxValue);
        _run.Fill(block, restart, restart + 1 < block.RestartCount ? block.RestartAt(restart + 1) : block.End);
        for (int step = _run.Count - 1; step >= 0; step--)
        {
            if (_run.KeyOf(step).SequenceCompareTo(key.Span) < 0)
            {
                ShowStep(block, step);
                return;
            }
        }

        // Only in the first run of a block can all be at or behind the key.
        if (index > 0)
        {
            EnterBlock(index - 1, await LoadAsync(index - 1, cancellationToken));
            StepBefore(_block!, _block!.End);
        }
    }

    public override bool TryMoveNext()
    {
        Invariant.Check(IsValid, "a cursor that shows nothing was moved");
        TableBlock block = _block!;
        if (_next < block.End)
        {
            StepForward(block);
            return true;
        }

        if (_blockIndex + 1 == reader.Index.Count)
        {
            ShowNothing();
            return true;
        }

        if (FindInMemory(_blockIndex + 1) is not { } next)
        {
            return false;
        }

        EnterBlock(_blockIndex + 1, next);
        StepForward(next);
        return true;
    }

    public override bool TryMovePrevious()
    {
        Invariant.Check(IsValid, "a cursor that shows nothing was moved");
        TableBlock block = _block!;
        if (_step > 0)
        {
            ShowStep(block, _step - 1);
            return true;
        }

        if (_position > block.Start)
        {
            StepBefore(block, _position);
            return true;
        }

        if (_blockIndex == 0)
        {
            ShowNothing();
            return true;
        }

        if (FindInMemory(_blockIndex - 1) is not { } previous)
        {
            return false;
        }

        EnterBlock(_blockIndex - 1, previous);
        StepBefore(previous, previous.End);
        return true;
    }

    public override async ValueTask MoveNextAsync(CancellationToken cancellationToken)
    {
        if (!TryMoveNext())
        {
            int index = _blockIndex + 1;
            TableBlock block = await LoadAsync(index, cancellationToken);
            EnterBlock(index, block);
            StepForward(block);
        }
    }

    public override async ValueTask MovePreviousAsync(CancellationToken cancellationToken)
    {
        if (!TryMovePrevious())
        {
            int index = _blockIndex - 1;
            TableBlock block = await LoadAsync(index, cancellationToken);
            EnterBlock(index, block);
            StepBefore(block, block.End);
        }
    }

    private void EnterBlock(int index, TableBlock block)
    {
        _block = block;
        _blockIndex = index;
        _next = block.Start;
        _keyLength = 0;
        _step = -1;
    }

    private void StepForward(TableBlock block)
    {
        if (_step >= 0)
        {
            ReadOnlySpan<byte> shown = Key;
            GrowKey(shown.Length);
            shown.CopyTo(_key);
            _keyLength = shown.Length;
            _step = -1;
        }

        _position = _next;
        block.Read(_position, _keyLength, out TableEntry entry);
        int length = entry.Shared + entry.Unshared;
        if (length > _key.Length)
        {
            GrowKey(length);
        }

        block.Array.AsSpan(entry.KeyOffset, entry.Unshared).CopyTo(_key.AsSpan(entry.Shared));
        _keyLength = length;
        _next = entry.Next;
        Show(_key, 0, length, entry.Sequence, entry.Kind, block.Array, entry.ValueOffset, entry.ValueLength);
    }

    private void StepBefore(TableBlock block, int end)
    {
        _run.Fill(block, block.RestartBefore(end), end);
        ShowStep(block, _run.Count - 1);
    }

    private void ShowStep(TableBlock block, int step)
    {
        BackwardRun.Step shown = _run[step];
        _step = step;
        _position = shown.Position;
        _next = shown.Entry.Next;
        Show(
            _run.KeyArray,
            shown.KeyOffset,
            shown.KeyLength,
            shown.Entry.Sequence,
            shown.Entry.Kind,
            block.Array,
            shown.Entry.ValueOffset,
            shown.Entry.ValueLength);
    }

    private void GrowKey(int length)
    {
        if (length > _key.Length)
        {
            Array.Resize(ref _key, Math.Max(length, 2 * _key.Length));
        }
    }

    private TableBlock? FindInMemory(int index)
    {
        int run = index - _aheadFirst;
        return (uint)run < (uint)_ahead.Length ? _ahead[run] : reader.FindCached(index);
    }

    private async ValueTask<TableBlock> LoadAsync(int index, CancellationToken cancellationToken)
    {
        if (FindInMemory(index) is { } present)
        {
            return present;
        }

        // What nobody caches is read to be walked through; what is cached may have been one look.
        bool goesOn = _ahead.Length > 0 && index == _aheadFirst + _ahead.Length;
        _aheadBlocks = !fillCache ? RunBlocksMax : goesOn ? Math.Min(2 * _aheadBlocks, RunBlocksMax) : 1;
        int count = 1;
        long bytes = reader.Index.BytesOf(index);
        while (count < _aheadBlocks
            && index + count < reader.Index.Count
            && (bytes += reader.Index.BytesOf(index + count)) <= RunBytesMax
            && (!fillCache || reader.FindCached(index + count) is null))
        {
            count++;
        }

        TableBlock[] blocks = await reader.ReadRunAsync(index, count, fillCache, cancellationToken);
        _ahead = blocks;
        _aheadFirst = index;
        return blocks[0];
    }
}
