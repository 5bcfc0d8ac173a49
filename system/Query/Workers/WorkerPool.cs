// A fixed number of workers over a bounded queue, for the parallel parts of queries.
//
// Work may submit work. The rule that keeps it from deadlock: a worker never waits for room in the queue and never for work that nobody has begun; in both cases it runs
// that work itself (PoolWorker). So a worker waits only for work that another worker is running, which was submitted by the waiting one: such waits form a tree.
//
// A stop refuses new work, cancels what is queued, cancels the token of what is running and waits for that. Whoever waits for work hears of each piece: it was run, it
// failed, or it was cancelled. The owner's stop is a stop of the pool too.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>Runs work on a fixed number of tasks. Thread-safe.</summary>
public sealed class WorkerPool : IAsyncDisposable
{
    private readonly TaskScope _scope;
    private readonly WorkerPoolOptions _options;
    private readonly TokenSubscription _ownerStops;

    /// <summary>Starts the workers.</summary>
    /// <param name="platform">Where it reports.</param>
    /// <param name="owner">The pool stops with it at the latest.</param>
    /// <param name="options">Its sizes.</param>
    /// <exception cref="ScopeStoppedException">The owner is stopped.</exception>
    public WorkerPool(IPlatform platform, TaskScope owner, WorkerPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        Probes = platform.Probes;
        Queue = new WorkQueue(options.QueueMax);
        _scope = owner.CreateChild("pool");
        _ownerStops = _scope.Stopping.Subscribe(static state => ((WorkerPool)state!).Close(), this);
        try
        {
            for (int i = 1; i <= options.Workers; i++)
            {
                _scope.Run($"worker-{i}", WorkAsync);
            }
        }
        catch (ScopeStoppedException)
        {
            // Workers that were started find the queue closed and end; the owner waits for them.
            Close();
            throw;
        }
    }

    /// <summary>Most pieces of work that run at a time.</summary>
    public int Workers => _options.Workers;

    internal IProbes Probes { get; }

    internal WorkQueue Queue { get; }

    internal bool IsClosed => Queue.IsClosed;

    /// <summary>
    /// Submits work from outside of the pool, waiting for room. A body of the pool uses <see cref="PoolWorker.SubmitAsync"/> instead: here it would wait for workers that may
    /// all wait as it does.
    /// </summary>
    /// <param name="body">What to run. It gets a token that is cancelled with <paramref name="cancellation"/> and when the pool stops, and must then end soon.</param>
    /// <param name="cancellation">Gives up waiting for room; and cancels the work, whether it has begun or not.</param>
    /// <returns>The work, accepted: it will be run, or its <see cref="PoolWork.Completion"/> be cancelled.</returns>
    /// <exception cref="PoolClosedException">The pool is stopping or has stopped; the work was not taken.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the work was not taken.</exception>
    public async Task<PoolWork> SubmitAsync(Func<PoolWorker, CancellationToken, Task> body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellation.ThrowIfCancellationRequested();
        var work = new PoolWork(body, cancellation);
        work.Watch(Queue);
        bool accepted = false;
        try
        {
            accepted = await Queue.AddAsync(work, cancellation);
        }
        finally
        {
            if (!accepted)
            {
                work.Cancel();
            }
        }

        return accepted ? work : throw new PoolClosedException(_scope.Path);
    }

    /// <summary>Submits work from outside of the pool and waits until it is over.</summary>
    /// <exception cref="PoolClosedException">The pool is stopping or has stopped; the work was not taken.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled, by the token or by a stop of the pool.</exception>
    public async Task RunAsync(Func<PoolWorker, CancellationToken, Task> body, CancellationToken cancellation) =>
        await (await SubmitAsync(body, cancellation)).Completion;

    /// <summary>
    /// Refuses new work, cancels what is queued and what is running, and waits for the latter. Idempotent, safe against concurrent calls. Must not be awaited by
    /// work of the pool itself.
    /// </summary>
    /// <exception cref="StopTimeoutException">Work did not end within <see cref="WorkerPoolOptions.StopLimit"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        Close();
        await _scope.StopAsync(_options.StopLimit);
        _ownerStops.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Takes work from a worker if there is room. False when there is none: the worker runs it itself.</summary>
    /// <exception cref="PoolClosedException">The pool is stopping.</exception>
    internal bool TryAccept(PoolWork work)
    {
        work.Watch(Queue);
        if (Queue.TryAdd(work))
        {
            return true;
        }

        if (Queue.IsClosed)
        {
            work.Cancel();
            throw new PoolClosedException(_scope.Path);
        }

        return false;
    }

    private void Close()
    {
        IReadOnlyList<PoolWork> left = Queue.Close();
        foreach (PoolWork work in left)
        {
            work.Cancel();
        }

        Probes.Sometimes(left.Count > 0, "query.pool-stopped-with-work");
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        while (await Queue.TakeAsync() is { } work)
        {
            await work.RunAsync(this, stopping);
        }
    }
}
