// Walks the tables of one level one after the other, with one of them open at a time. The tables are in key order and share no key, so that is
// internal order.

using SimGraph.Storage.Lsm.Tables;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>A cursor over tables in key order. Release it: it holds the lease of a table.</summary>
internal sealed class LevelCursor(TableShelf shelf, LsmTable[] tables, bool fillCache) : EntryCursor, ILeaseHolder
{
    private int _index = -1;
    private EntryCursor? _inner;

    public void Release()
    {
        _inner = null;
        if (_index >= 0 && _index < tables.Length)
        {
            tables[_index].Return();
        }

        _index = -1;
    }

    public override async ValueTask SeekAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken)
    {
        int index = TreeVersion.FirstReaching(tables, key.Span);
        if (await EnterAsync(index, cancellationToken))
        {
            await _inner!.SeekAsync(key, sequence, cancellationToken);
        }

        await ShowForwardAsync(cancellationToken);
    }

    public override async ValueTask SeekToFirstAsync(CancellationToken cancellationToken)
    {
        if (await EnterAsync(0, cancellationToken))
        {
            await _inner!.SeekToFirstAsync(cancellationToken);
        }

        await ShowForwardAsync(cancellationToken);
    }

    public override async ValueTask SeekToLastAsync(CancellationToken cancellationToken)
    {
        if (await EnterAsync(tables.Length - 1, cancellationToken))
        {
            await _inner!.SeekToLastAsync(cancellationToken);
        }

        await ShowBackwardAsync(cancellationToken);
    }

    public override async ValueTask SeekBeforeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        int index = Math.Min(TreeVersion.FirstReaching(tables, key.Span), tables.Length - 1);
        if (await EnterAsync(index, cancellationToken))
        {
            await _inner!.SeekBeforeAsync(key, cancellationToken);
        }

        await ShowBackwardAsync(cancellationToken);
    }

    public override bool TryMoveNext()
    {
        // At the end of a table the next one has to be entered, which waits. Then this one stands beyond its end until that has happened.
        if (!_inner!.IsValid || !_inner.TryMoveNext() || !_inner.IsValid)
        {
            return false;
        }

        ShowSame(_inner);
        return true;
    }

    public override bool TryMovePrevious()
    {
        if (!_inner!.IsValid || !_inner.TryMovePrevious() || !_inner.IsValid)
        {
            return false;
        }

        ShowSame(_inner);
        return true;
    }

    public override async ValueTask MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_inner!.IsValid)
        {
            await _inner.MoveNextAsync(cancellationToken);
        }

        await ShowForwardAsync(cancellationToken);
    }

    public override async ValueTask MovePreviousAsync(CancellationToken cancellationToken)
    {
        if (_inner!.IsValid)
        {
            await _inner.MovePreviousAsync(cancellationToken);
        }

        await ShowBackwardAsync(cancellationToken);
    }

    private async ValueTask ShowForwardAsync(CancellationToken cancellationToken)
    {
        while (_inner is { IsValid: false })
        {
            if (await EnterAsync(_index + 1, cancellationToken))
            {
                await _inner!.SeekToFirstAsync(cancellationToken);
            }
        }

        ShowInner();
    }

    private async ValueTask ShowBackwardAsync(CancellationToken cancellationToken)
    {
        while (_inner is { IsValid: false })
        {
            if (await EnterAsync(_index - 1, cancellationToken))
            {
                await _inner!.SeekToLastAsync(cancellationToken);
            }
        }

        ShowInner();
    }

    private void ShowInner()
    {
        if (_inner is null)
        {
            ShowNothing();
        }
        else
        {
            ShowSame(_inner);
        }
    }

    private async ValueTask<bool> EnterAsync(int index, CancellationToken cancellationToken)
    {
        if (index == _index && _inner is not null)
        {
            return true;
        }

        ShowNothing();
        Release();
        if (index < 0 || index >= tables.Length)
        {
            return false;
        }

        TableReader? reader = await shelf.LeaseAsync(tables[index], cancellationToken);
        Runtime.Invariant.Check(reader is not null, "a version that is held keeps its tables");
        _index = index;
        _inner = reader.OpenCursor(fillCache);
        return true;
    }
}
