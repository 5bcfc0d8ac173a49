// One piece of work, from its submission to its end. It ends exactly once: it was run, or it was taken out of the queue unrun and cancelled. Which of the two is decided
// by who takes it out of the queue, under the queue's lock; so nothing here needs a lock.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Query;

/// <summary>Work that a pool has accepted. Thread-safe.</summary>
public sealed class PoolWork
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<PoolWorker, CancellationToken, Task> _body;
    private readonly CancellationToken _cancellation;
    private TokenSubscription _subscription;

    internal PoolWork(Func<PoolWorker, CancellationToken, Task> body, CancellationToken cancellation)
    {
        _body = body;
        _cancellation = cancellation;
    }

    /// <summary>
    /// Ends when the work is over and nothing of it runs any more: with its exception if it failed, cancelled if it was cancelled or the pool stopped before or
    /// while it ran. A body of the same pool must not await it: it joins (<see cref="PoolWorker.JoinAsync"/>).
    /// </summary>
    public Task Completion => _ended.Task;

    /// <summary>Its place in the queue; guarded by the queue's lock.</summary>
    internal LinkedListNode<PoolWork>? Place { get; set; }

    /// <summary>Lets the token of the submitter take it out of the queue. Before it is added, so that nobody else has it yet.</summary>
    internal void Watch(WorkQueue queue)
    {
        if (_cancellation.CanBeCanceled)
        {
            _subscription = _cancellation.Subscribe(
                static state =>
                {
                    (PoolWork work, WorkQueue queue) = ((PoolWork, WorkQueue))state!;
                    if (queue.TryRemove(work))
                    {
                        work.Cancel();
                    }
                },
                (this, queue));
        }
    }

    /// <summary>It will not be run.</summary>
    internal void Cancel()
    {
        _subscription.Dispose();
        _ended.TrySetCanceled(_cancellation);
    }

    /// <summary>Runs it. Never throws: what it ends with is for <see cref="Completion"/>.</summary>
    internal async Task RunAsync(WorkerPool pool, CancellationToken stopping)
    {
        using var either = new LinkedCancellation(stopping, _cancellation);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            await _body(new PoolWorker(pool, stopping), either.Token);
            _ended.TrySetResult();
        }
        catch (OperationCanceledException exception)
        {
            _ended.TrySetCanceled(exception.CancellationToken);
        }
        catch (PoolClosedException) when (stopping.IsCancellationRequested || pool.IsClosed)
        {
            // The pool stopped between its beginning and its next submission: that is its cancellation.
            _ended.TrySetCanceled(stopping);
        }
#pragma warning disable CA1031 // It belongs to whoever waits for the work.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _ended.TrySetException(exception);
        }
        finally
        {
            _subscription.Dispose();
        }
    }
}
