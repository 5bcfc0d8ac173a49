// The state of a read replica and what may be done to it: entries in order, each once; a whole state in its place; a flush now and then, on a task of its own.

using Microsoft.Extensions.Logging;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>Applies to the state machine. Owned by the loop.</summary>
internal sealed class FollowStore(
    ReplicatedStateMachine machine, ReadReplicaOptions options, TaskScope scope, IReadReplicaObserver? observer, ILogger logger)
{
    private ScopedTask? _flushing;
    private ulong _flushedAt = machine.AppliedIndex;

    public ReplicatedStateMachine Machine => machine;

    public ulong Next => machine.AppliedIndex + 1;

    /// <summary>Applies the next entry. False when it cannot be one of this history.</summary>
    public async Task<bool> TryApplyAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Term < machine.AppliedTerm)
        {
            return false;
        }

        await machine.ApplyAsync(entry, cancellationToken);
        observer?.Applied(entry, machine);
        FlushIfDue();
        return true;
    }

    /// <summary>Puts a received state in the place of this one. False, and thrown away, when this one has become as new meanwhile.</summary>
    public async Task<bool> InstallAsync(StagedState staged, CancellationToken cancellationToken)
    {
        if (staged.Position.Index <= machine.AppliedIndex)
        {
            await staged.AbandonAsync();
            return false;
        }

        if (_flushing is { } flushing)
        {
            await flushing.Completion;
        }

        await machine.InstallAsync(staged, cancellationToken);
        _flushedAt = machine.AppliedIndex;
        FanoutLog.StateInstalled(logger, options.Name, machine.AppliedIndex, staged.Length);
        observer?.StateInstalled(staged.Position, machine);
        return true;
    }

    private void FlushIfDue()
    {
        if (machine.AppliedIndex >= _flushedAt + (ulong)options.FlushEntries && _flushing is null or { Completion.IsCompleted: true })
        {
            _flushedAt = machine.AppliedIndex;
            _flushing = scope.Run("flush", FlushAsync);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await machine.FlushAsync(cancellationToken);
        }
        catch (LsmException exception)
        {
            FanoutLog.StateNotFlushed(logger, options.Name, exception);
        }
    }
}
