namespace SimGraph.Runtime.Concurrency;

/// <summary>Waits for several tasks without Task.WhenAll, which hops to the thread pool when one of them is a TaskCompletionSource's.</summary>
public static class Join
{
    /// <summary>Ends when all have ended. Then throws the exception of the first, in the list's order, that failed; else of the first cancelled.</summary>
    public static async Task AllAsync(IReadOnlyList<Task> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Exception? failure = null;
        OperationCanceledException? cancellation = null;
        for (int i = 0; i < tasks.Count; i++)
        {
            try
            {
                await tasks[i];
            }
            catch (OperationCanceledException exception)
            {
                cancellation ??= exception;
            }
#pragma warning disable CA1031 // Kept and thrown again once all have ended.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure ??= exception;
            }
        }

        if ((failure ?? cancellation) is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
