namespace SimGraph.Query;

/// <summary>
/// The worker that runs a body: through it, and not through the pool, the body submits further work, because a worker must never wait for what only a worker can
/// give. For the body alone, and only while it runs.
/// </summary>
public sealed class PoolWorker
{
    private readonly WorkerPool _pool;
    private readonly CancellationToken _stopping;

    internal PoolWorker(WorkerPool pool, CancellationToken stopping)
    {
        _pool = pool;
        _stopping = stopping;
    }

    /// <summary>
    /// Submits further work without ever waiting for room: when the queue is full, this worker runs the work itself before the call returns.
    /// </summary>
    /// <param name="body">What to run.</param>
    /// <param name="cancellation">Cancels it, whether it has begun or not; most often the token that the submitting body was given.</param>
    /// <exception cref="PoolClosedException">The pool is stopping; nothing was taken.</exception>
    public async Task<PoolWork> SubmitAsync(Func<PoolWorker, CancellationToken, Task> body, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        cancellation.ThrowIfCancellationRequested();
        var work = new PoolWork(body, cancellation);
        if (!_pool.TryAccept(work))
        {
            _pool.Probes.Reachable("query.worker-ran-what-did-not-fit");
            await work.RunAsync(_pool, _stopping);
        }

        return work;
    }

    /// <summary>
    /// Ends as the work does. Work that nobody has begun is run by this worker, so that a pool whose workers all wait for what they submitted goes on.
    /// </summary>
    /// <param name="work">What this body submitted. Not what submitted it: those two would wait for each other.</param>
    public async Task JoinAsync(PoolWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_pool.Queue.TryRemove(work))
        {
            _pool.Probes.Reachable("query.worker-ran-what-it-joined");
            await work.RunAsync(_pool, _stopping);
        }

        await work.Completion;
    }
}
