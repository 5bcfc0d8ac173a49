// Saves snapshots beside the event loop: writing a large one must not cost a leader its heartbeats. One save at a time; the loop is woken when it
// is done. Installing a leader's snapshot waits for a running save first, so the store never sees an older snapshot after a newer one.

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
    private Exception? _failure;

    /// <summary>The newest durable snapshot.</summary>
    public StoredSnapshot? Latest => store.Latest;

    /// <summary>True while a snapshot is being saved, or was saved and not yet taken note of.</summary>
    public bool IsBusy => _saving is not null;

    /// <summary>Begins to save.</summary>
    public void BeginSave(StoredSnapshot snapshot)
    {
        Invariant.Check(_saving is null, "one snapshot is saved at a time");
        _saving = scope.Run("snapshot.save", token => SaveAsync(snapshot, token));
    }

    /// <summary>The position of a snapshot that was saved since the last call; null if none was.</summary>
    /// <exception cref="Exception">The save failed: rethrown here, where the loop ends the node.</exception>
    public LogPosition? TakeSaved()
    {
        LogPosition? saved;
        Exception? failure;
        lock (_gate)
        {
            saved = _saved;
            failure = _failure;
            _saved = null;
        }

        if (failure is not null)
        {
            throw new SnapshotFailedException(failure);
        }

        if (saved is not null)
        {
            _saving = null;
        }

        return saved;
    }

    /// <summary>Saves a leader's snapshot, in place of one that is being saved.</summary>
    public async Task InstallAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_saving is { } saving)
        {
            await saving.Completion;
            TakeSaved();
            _saving = null;
        }

        await store.SaveAsync(snapshot, cancellationToken);
        ReplicationLog.SnapshotInstalled(logger, snapshot.Position, snapshot.Data.Length);
    }

    private async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(snapshot, cancellationToken);
            ReplicationLog.SnapshotSaved(logger, snapshot.Position, snapshot.Data.Length);
            lock (_gate)
            {
                _saved = snapshot.Position;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not InvariantViolationException)
        {
            lock (_gate)
            {
                _failure = exception;
            }
        }

        inbox.Wake();
    }
}
