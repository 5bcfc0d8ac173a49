// From versions to what a user sees: of each key the newest version that is old enough, unless it is a delete or a range tombstone hides it.
//
// Forward, that is the first version of a key that is old enough; the walk stays on it and passes the rest of the key when it moves on. Backward, the
// versions of a key come oldest first, so it is known only when the next key begins: the candidate is copied, and the walk stands on that next key.
//
// Each step is examined only once, and all that is known in between lies in fields, so the walk can stop at any step that needs the disk and go on
// from there.

namespace SimGraph.Storage.Lsm.Cursors;

/// <summary>Walks a merge at a sequence. One owner.</summary>
internal sealed class VisibleWalk(MergingCursor merge, RangeTombstoneSet tombstones, ulong sequence, LsmRange range)
{
    private readonly ByteBuffer _key = new();
    private readonly ByteBuffer _value = new();
    private readonly ByteBuffer _groupKey = new();
    private bool _backward;
    private bool _moveDue;
    private bool _hasKey;
    private bool _hasGroup;
    private bool _groupFound;
    private bool _groupLives;

    /// <summary>True if it shows a key.</summary>
    public bool IsValid { get; private set; }

    public bool IsBackward => _backward;

    /// <summary>The key; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Key => _key.Memory;

    /// <summary>Its value; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Value => _backward ? _value.Memory : merge.Current.Value;

    /// <summary>Begins behind a seek of the merge; the present version has not been looked at.</summary>
    public void Begin(bool backward)
    {
        _backward = backward;
        _moveDue = false;
        _hasKey = false;
        _hasGroup = false;
        IsValid = false;
    }

    /// <summary>Goes on until it shows a key or is at the end (true), or the disk is needed (false): then <see cref="MoveAsync"/> and again.</summary>
    public bool TryRun()
    {
        IsValid = false;
        while (true)
        {
            if (_moveDue)
            {
                if (!merge.TryMove())
                {
                    return false;
                }

                _moveDue = false;
            }

            if (_backward ? ExamineBackward() : ExamineForward())
            {
                return true;
            }

            _moveDue = true;
        }
    }

    public async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        await merge.MoveAsync(cancellationToken);
        _moveDue = false;
    }

    private bool ExamineForward()
    {
        if (!merge.IsValid)
        {
            return true;
        }

        EntryCursor version = merge.Current;
        ReadOnlySpan<byte> key = version.Key;
        if (_hasKey && key.SequenceEqual(_key.Span))
        {
            return false;
        }

        if (range.IsBehind(key))
        {
            return true;
        }

        if (version.Sequence > sequence)
        {
            return false;
        }

        _key.Set(key);
        _hasKey = true;
        if (version.Kind == EntryKind.Delete || IsHidden(key, version.Sequence))
        {
            return false;
        }

        IsValid = true;
        _moveDue = true;
        return true;
    }

    private bool ExamineBackward()
    {
        bool atEnd = !merge.IsValid;
        if (_hasGroup && (atEnd || !merge.Current.Key.SequenceEqual(_groupKey.Span)))
        {
            _hasGroup = false;
            if (_groupFound && _groupLives)
            {
                _key.Set(_groupKey.Span);
                IsValid = true;
                _moveDue = false;
                return true;
            }
        }

        if (atEnd)
        {
            return true;
        }

        EntryCursor version = merge.Current;
        if (!_hasGroup)
        {
            if (range.IsBefore(version.Key))
            {
                return true;
            }

            _hasGroup = true;
            _groupFound = false;
            _groupKey.Set(version.Key);
        }

        if (version.Sequence <= sequence)
        {
            _groupFound = true;
            _groupLives = version.Kind == EntryKind.Put && !IsHidden(version.Key, version.Sequence);
            if (_groupLives)
            {
                _value.Set(version.Value.Span);
            }
        }

        return false;
    }

    private bool IsHidden(ReadOnlySpan<byte> key, ulong own) =>
        tombstones.Count > 0 && tombstones.HighestCovering(key, sequence) > own;
}
