// Saves snapshots beside the event loop: writing a large one must not cost a leader its heartbeats. One save at a time; the loop is woken when it
// is done. Installing a leader's snapshot waits for a running save first, so the store never sees an older snapshot after a newer one. A save that
// fails harms nothing, the log still holds everything: it is logged, and a later snapshot is the next attempt.

using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Replication.Node;

/// <summary>Makes snapshots durable. Used by the event loop only.</summary>
internal sealed class SnapshotKeeper(SnapshotStore store, TaskScope scope, ReplicaInbox inbox, ILogger logger)
{
    private readonly object _gate = new();
    private ScopedTask? _saving;
    private LogPosition? _saved;
    private bool _ended;
    private Exception? _bug;

    /// <summary>The newest durable snapshot.</summary>
    public StoredSnapshot? Latest => store.Latest;

    /// <summary>True while a snapshot is being saved, or was saved and not yet taken note of.</summary>
    public bool IsBusy => _saving is not null;

    /// <summary>Index of the snapshot whose save was begun last.</summary>
    public ulong LastAttempt { get; private set; }

    /// <summary>Begins to save.</summary>
    public void BeginSave(StoredSnapshot snapshot)
    {
        Invariant.Check(_saving is null, "one snapshot is saved at a time");
        LastAttempt = snapshot.Position.Index;
        _saving = scope.Run("snapshot.save", token => SaveAsync(snapshot, token));
    }

    /// <summary>The position of a snapshot that was saved since the last call; null if none was.</summary>
    public LogPosition? TakeSaved()
    {
        LogPosition? saved;
        lock (_gate)
        {
            if (_bug is not null)
            {
                ExceptionDispatchInfo.Throw(_bug);
            }

            if (!_ended)
            {
                return null;
            }

            saved = _saved;
            _saved = null;
            _ended = false;
        }

        _saving = null;
        return saved;
    }

    /// <summary>Saves a leader's snapshot, in place of one that is being saved.</summary>
    public async Task InstallAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_saving is { } saving)
        {
            await saving.Completion;
            TakeSaved();
        }

        await store.SaveAsync(snapshot, cancellationToken);
        ReplicationLog.SnapshotInstalled(logger, snapshot.Position.Index, snapshot.Data.Length);
    }

    private async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        LogPosition? saved = null;
        Exception? bug = null;
        try
        {
            await store.SaveAsync(snapshot, cancellationToken);
            ReplicationLog.SnapshotSaved(logger, snapshot.Position.Index, snapshot.Data.Length);
            saved = snapshot.Position;
        }
        catch (SnapshotStoreException exception)
        {
            ReplicationLog.SnapshotNotSaved(logger, snapshot.Position.Index, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            bug = exception;
        }

        lock (_gate)
        {
            _saved = saved;
            _bug = bug;
            _ended = true;
        }

        inbox.Wake();
    }
}
