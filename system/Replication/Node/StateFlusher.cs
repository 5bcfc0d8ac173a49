// Lets the log be cut: brings the state into tables on a task of its own, so that the loop goes on meanwhile, one flush at a time; the loop is woken when it
// is done. A flush that fails harms nothing, the log still holds everything: it is logged, and a later one is the next attempt.

using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Node;

/// <summary>Makes the state durable now and then. Used by the event loop only.</summary>
internal sealed class StateFlusher(ReplicatedStateMachine machine, TaskScope scope, ReplicaInbox inbox, ILogger logger)
{
    private readonly object _gate = new();
    private ScopedTask? _flushing;
    private LogPosition? _flushed;
    private bool _ended;
    private Exception? _bug;

    /// <summary>True while a flush runs, or has ended and was not yet taken note of.</summary>
    public bool IsBusy => _flushing is not null;

    /// <summary>Index at which the last flush was begun.</summary>
    public ulong LastAttempt { get; private set; }

    /// <summary>Begins to flush what is applied now.</summary>
    public void Begin()
    {
        Invariant.Check(_flushing is null, "one flush runs at a time");
        LogPosition applied = machine.Applied;
        LastAttempt = applied.Index;
        _flushing = scope.Run("state.flush", token => FlushAsync(applied, token));
    }

    /// <summary>Up to where a flush since the last call made the state durable; null if none did.</summary>
    public LogPosition? TakeFlushed()
    {
        LogPosition? flushed;
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

            flushed = _flushed;
            _flushed = null;
            _ended = false;
        }

        _flushing = null;
        return flushed;
    }

    /// <summary>Waits for a flush that runs. What it made durable does not count: another state takes its place.</summary>
    public async Task SettleAsync()
    {
        if (_flushing is { } flushing)
        {
            await flushing.Completion;
            TakeFlushed();
        }
    }

    private async Task FlushAsync(LogPosition applied, CancellationToken cancellationToken)
    {
        LogPosition? flushed = null;
        Exception? bug = null;
        try
        {
            await machine.FlushAsync(cancellationToken);
            Invariant.Check(machine.DurableIndex >= applied.Index, "a flush makes durable what was applied");
            ReplicationLog.StateFlushed(logger, applied.Index);
            flushed = applied;
        }
        catch (LsmException exception)
        {
            ReplicationLog.StateNotFlushed(logger, applied.Index, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            bug = exception;
        }

        lock (_gate)
        {
            _flushed = flushed;
            _bug = bug;
            _ended = true;
        }

        inbox.Wake();
    }
}
