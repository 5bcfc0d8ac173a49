using SimGraph.Runtime.Concurrency;

namespace SimGraph.Query;

/// <summary>Splits a task into pieces of work for a pool, from outside of it.</summary>
internal static class PoolFork
{
    /// <summary>
    /// Runs all, and ends when none of them runs any more. When one fails, the others are cancelled; then its exception is thrown.
    /// </summary>
    public static async Task RunAllAsync(
        WorkerPool pool, IReadOnlyList<Func<PoolWorker, CancellationToken, Task>> bodies, CancellationToken cancellation)
    {
        var stop = new CancellationTokenSource();
        using TokenSubscription subscription = cancellation.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), stop);
        var ended = new List<Task>(bodies.Count);
        try
        {
            foreach (Func<PoolWorker, CancellationToken, Task> body in bodies)
            {
                PoolWork work = await pool.SubmitAsync(
                    async (worker, token) =>
                    {
                        try
                        {
                            await body(worker, token);
                        }
                        catch
                        {
                            stop.Cancel();
                            throw;
                        }
                    },
                    stop.Token);
                ended.Add(work.Completion);
            }
        }
        catch (Exception exception)
        {
            // Refused, or cancelled while it waited for room. What was accepted has to end first, and says why if one of it failed.
            stop.Cancel();
            try
            {
                await Join.AllAsync(ended);
            }
            catch (OperationCanceledException) when (exception is not OperationCanceledException)
            {
            }

            throw;
        }

        await Join.AllAsync(ended);
    }
}
