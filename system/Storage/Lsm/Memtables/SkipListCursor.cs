// Going back costs a search each: the list has no links that way. Never waits, so all moves end at once.

namespace SimGraph.Storage.Lsm.Memtables;

/// <summary>A cursor over a skip list that may grow meanwhile; versions added behind the position may appear.</summary>
internal sealed class SkipListCursor(SkipList list) : EntryCursor
{
    private int _node;

    public override ValueTask SeekAsync(ReadOnlyMemory<byte> key, ulong sequence, CancellationToken cancellationToken)
    {
        GoTo(list.FindAtOrBehind(key.Span, sequence));
        return ValueTask.CompletedTask;
    }

    public override ValueTask SeekToFirstAsync(CancellationToken cancellationToken)
    {
        GoTo(list.First());
        return ValueTask.CompletedTask;
    }

    public override ValueTask SeekToLastAsync(CancellationToken cancellationToken)
    {
        GoTo(list.FindLast());
        return ValueTask.CompletedTask;
    }

    public override ValueTask SeekBeforeAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        GoTo(list.FindLastBefore(key.Span, ulong.MaxValue));
        return ValueTask.CompletedTask;
    }

    public override bool TryMoveNext()
    {
        GoTo(list.Next(_node));
        return true;
    }

    public override bool TryMovePrevious()
    {
        GoTo(list.FindLastBefore(Key, Sequence));
        return true;
    }

    public override ValueTask MoveNextAsync(CancellationToken cancellationToken)
    {
        TryMoveNext();
        return ValueTask.CompletedTask;
    }

    public override ValueTask MovePreviousAsync(CancellationToken cancellationToken)
    {
        TryMovePrevious();
        return ValueTask.CompletedTask;
    }

    private void GoTo(int node)
    {
        _node = node;
        if (node == 0)
        {
            ShowNothing();
            return;
        }

        list.Read(node, out byte[] data, out int offset, out int keyLength, out int valueLength, out ulong sequence, out EntryKind kind);
        Show(data, offset, keyLength, sequence, kind, data, offset + keyLength, valueLength);
    }
}
