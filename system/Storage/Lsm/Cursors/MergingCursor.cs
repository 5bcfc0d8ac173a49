// Several cursors as one, in internal order: a binary heap whose top is the present one. It shows no versions of its own but the top itself, so a move
// copies nothing. Going the other way takes a seek; the user-level cursor does that.
// No two sources hold the same version, so there are no ties.

namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>Merges cursors. One owner; owns the cursors given to it.</summary>
internal sealed class MergingCursor
{
    private readonly EntryCursor[] _sources;
    private readonly EntryCursor[] _heap;
    private int _count;
    private bool _backward;

    public MergingCursor(IReadOnlyList<EntryCursor> sources)
    {
        _sources = [.. sources];
        _heap = new EntryCursor[_sources.Length];
    }

    /// <summary>True if there is a present version.</summary>
    public bool IsValid => _count > 0;

    /// <summary>The source that shows the present version; only while <see cref="IsValid"/>.</summary>
    public EntryCursor Current => _heap[0];

    public async ValueTask SeekToFirstAsync(CancellationToken cancellationToken)
    {
        Begin(backward: false);
        foreach (EntryCursor source in _sources)
        {
            await source.SeekToFirstAsync(cancellationToken);
        }

        Build();
    }

    public async ValueTask SeekAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken)
    {
        Begin(backward: false);
        foreach (EntryCursor source in _sources)
        {
            await source.SeekAsync(key, sequence, cancellationToken);
        }

        Build();
    }

    /// <summary>From here on moves go back.</summary>
    public async ValueTask SeekToLastAsync(CancellationToken cancellationToken)
    {
        Begin(backward: true);
        foreach (EntryCursor source in _sources)
        {
            await source.SeekToLastAsync(cancellationToken);
        }

        Build();
    }

    /// <summary>From here on moves go back.</summary>
    public async ValueTask SeekBeforeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Begin(backward: true);
        foreach (EntryCursor source in _sources)
        {
            await source.SeekBeforeAsync(key, cancellationToken);
        }

        Build();
    }

    /// <summary>Moves on in the direction of the last seek. False: nothing has changed, call <see cref="MoveAsync"/>.</summary>
    public bool TryMove()
    {
        EntryCursor top = _heap[0];
        if (!(_backward ? top.TryMovePrevious() : top.TryMoveNext()))
        {
            return false;
        }

        Resift(top);
        return true;
    }

    public async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        EntryCursor top = _heap[0];
        if (_backward)
        {
            await top.MovePreviousAsync(cancellationToken);
        }
        else
        {
            await top.MoveNextAsync(cancellationToken);
        }

        Resift(top);
    }

    private void Begin(bool backward)
    {
        _backward = backward;
        _count = 0;
    }

    private void Build()
    {
        foreach (EntryCursor source in _sources)
        {
            if (source.IsValid)
            {
                _heap[_count++] = source;
            }
        }

        for (int i = (_count / 2) - 1; i >= 0; i--)
        {
            SiftDown(_heap[i], i);
        }
    }

    private void Resift(EntryCursor top)
    {
        if (!top.IsValid)
        {
            top = _heap[--_count];
        }

        if (_count > 1)
        {
            SiftDown(top, 0);
        }
        else if (_count == 1)
        {
            _heap[0] = top;
        }
    }

    private void SiftDown(EntryCursor moved, int place)
    {
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && ComesFirst(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!ComesFirst(_heap[child], moved))
            {
                break;
            }

            _heap[place] = _heap[child];
            place = child;
        }

        if (!ReferenceEquals(_heap[place], moved))
        {
            _heap[place] = moved;
        }
    }

    private bool ComesFirst(EntryCursor left, EntryCursor right)
    {
        int order = left.Key.SequenceCompareTo(right.Key);
        bool before = order != 0 ? order < 0 : left.Sequence > right.Sequence;
        return before != _backward;
    }
}
