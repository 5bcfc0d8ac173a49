using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Snapshots and cursors that stay open between a workload's operations, each with what it must show. Not thread-safe.</summary>
internal sealed class LsmReaders(LsmTree tree)
{
    private const int OpenMax = 3;
    private readonly Queue<(LsmSnapshot Snapshot, TreeContent Content)> _snapshots = new();
    private readonly Queue<(LsmCursor Cursor, TreeContent Content, bool Backward, int Moved)> _cursors = new();

    /// <summary>Whether the past is looked at.</summary>
    public bool HoldSnapshots => _snapshots.Count > 0;

    /// <summary>Everything was replaced: what snapshots show is gone, cursors go on, those of snapshots as well.</summary>
    public void ForgetSnapshots()
    {
        while (_snapshots.TryDequeue(out (LsmSnapshot Snapshot, TreeContent Content) gone))
        {
            gone.Snapshot.Dispose();
        }
    }

    /// <summary>A read. A disk that fails explains that it does not end; it says nothing then.</summary>
    public async Task TryAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (DiskException)
        {
            // Nothing is known.
        }
        catch (LsmCorruptException exception)
        {
            throw new StorageViolationException("lsm.damaged", exception.Message);
        }
    }

    /// <summary>A failing disk explains what failed, but not that something durable is damaged.</summary>
    public static void CheckNotDamaged(LsmException exception)
    {
        if (exception is LsmCorruptException || exception.InnerException is LsmCorruptException)
        {
            throw new StorageViolationException("lsm.damaged", exception.Message);
        }
    }

    /// <summary>Performs an operation that changes nothing in the tree; the others are the workload's.</summary>
    public async Task PerformAsync(IPlatform platform, LsmOperation operation, TreeContent now, CancellationToken stop)
    {
        switch (operation.Kind)
        {
            case LsmOperationKind.Scan or LsmOperationKind.ScanBack:
                await ScanAsync(now, operation.Kind == LsmOperationKind.ScanBack, stop);
                break;
            case LsmOperationKind.TakeSnapshot:
                TakeSnapshot(now);
                break;
            case LsmOperationKind.CheckSnapshot:
                await CheckSnapshotAsync(stop);
                break;
            case LsmOperationKind.OpenCursor:
                await OpenCursorAsync(now, operation.Amount, stop);
                break;
            case LsmOperationKind.CheckCursor:
                await CheckCursorAsync(stop);
                break;
            case LsmOperationKind.Wait:
                await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1 << (2 * operation.Amount)), stop);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "the operation is the workload's");
        }
    }

    private Task ScanAsync(TreeContent content, bool backward, CancellationToken stop) =>
        TryAsync(() => TreeInspector.ScanAsync(tree, content, backward, stop));

    private void TakeSnapshot(TreeContent content)
    {
        if (_snapshots.Count < OpenMax)
        {
            _snapshots.Enqueue((tree.TakeSnapshot(), content));
        }
    }

    private async Task CheckSnapshotAsync(CancellationToken stop)
    {
        if (_snapshots.TryDequeue(out (LsmSnapshot Snapshot, TreeContent Content) oldest))
        {
            using LsmSnapshot snapshot = oldest.Snapshot;
            await TryAsync(() => TreeInspector.CheckAsync(tree, oldest.Content, snapshot, stop));
        }
    }

    /// <summary>Opens a cursor, at the newest snapshot if there is one, and moves it a few keys far.</summary>
    private async Task OpenCursorAsync(TreeContent content, int moves, CancellationToken stop)
    {
        if (_cursors.Count == OpenMax)
        {
            return;
        }

        (LsmSnapshot Snapshot, TreeContent Content)? at = moves % 2 == 0 && _snapshots.Count > 0 ? _snapshots.Last() : null;
        TreeContent expected = at?.Content ?? content;
        bool backward = moves % 3 == 0;
        LsmCursor cursor = tree.OpenCursor(LsmRange.All, at?.Snapshot);
        bool stays = false;
        try
        {
            await TryAsync(async () =>
            {
                await (backward ? cursor.MoveToLastAsync(stop) : cursor.MoveToFirstAsync(stop));
                int moved = await WalkAsync(cursor, expected, backward, 0, moves, stop);
                _cursors.Enqueue((cursor, expected, backward, moved));
                stays = true;
            });
        }
        finally
        {
            if (!stays)
            {
                await cursor.DisposeAsync();
            }
        }
    }

    /// <summary>Moves the oldest cursor to its end.</summary>
    private async Task CheckCursorAsync(CancellationToken stop)
    {
        if (_cursors.TryDequeue(out (LsmCursor Cursor, TreeContent Content, bool Backward, int Moved) oldest))
        {
            await using LsmCursor cursor = oldest.Cursor;
            await TryAsync(() => WalkAsync(cursor, oldest.Content, oldest.Backward, oldest.Moved, int.MaxValue, stop));
        }
    }

    /// <summary>After a stop: what is still open fails clearly.</summary>
    public async Task CheckClosedAsync()
    {
        foreach ((LsmCursor cursor, _, _, _) in _cursors)
        {
            if (cursor.IsValid && (cursor.TryMoveNext() || cursor.TryMovePrevious()))
            {
                throw new StorageViolationException("lsm.answers-after-stop", "a cursor of a stopped tree moved in memory");
            }

            try
            {
                await cursor.MoveToFirstAsync(CancellationToken.None);
            }
            catch (LsmClosedException)
            {
                continue;
            }

            throw new StorageViolationException("lsm.answers-after-stop", "a cursor of a stopped tree moved");
        }
    }

    public async Task ReleaseAsync()
    {
        while (_cursors.TryDequeue(out (LsmCursor Cursor, TreeContent Content, bool Backward, int Moved) open))
        {
            await open.Cursor.DisposeAsync();
        }

        while (_snapshots.TryDequeue(out (LsmSnapshot Snapshot, TreeContent Content) open))
        {
            open.Snapshot.Dispose();
        }
    }

    private static async Task<int> WalkAsync(LsmCursor cursor, TreeContent content, bool backward, int moved, int moves, CancellationToken stop)
    {
        KeyValuePair<string, TreeValue>[] pairs = [.. backward ? content.Pairs.Reverse() : content.Pairs];
        for (int left = moves; left > 0 && moved < pairs.Length; left--, moved++)
        {
            TreeInspector.CheckShown(cursor, pairs[moved]);
            await TreeInspector.MoveAsync(cursor, backward, stop);
        }

        if (moved == pairs.Length && cursor.IsValid)
        {
            throw new StorageViolationException("lsm.wrong-scan", "a cursor shows a key behind all that exists");
        }

        return moved;
    }
}
