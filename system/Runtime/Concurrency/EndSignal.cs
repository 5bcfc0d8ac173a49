namespace SimGraph.Runtime.Concurrency;

/// <summary>An event that happens once and that can be waited for within a limit. Thread-safe.</summary>
public sealed class EndSignal
{
    private readonly object _gate = new();
    private readonly List<TaskCompletionSource<bool>> _waiters = [];
    private bool _happened;

    /// <summary>It happened.</summary>
    public void Set()
    {
        TaskCompletionSource<bool>[] waiters;
        lock (_gate)
        {
            _happened = true;
            waiters = [.. _waiters];
            _waiters.Clear();
        }

        foreach (TaskCompletionSource<bool> waiter in waiters)
        {
            waiter.TrySetResult(true);
        }
    }

    /// <summary>Waits; false when the limit passed first.</summary>
    public async Task<bool> WaitAsync(TimeProvider clock, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_happened)
            {
                return true;
            }

            _waiters.Add(waiter);
        }

        using ITimer timer = clock.CreateTimer(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), waiter, limit, Timeout.InfiniteTimeSpan);
        bool happened = await waiter.Task;
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }

        return happened;
    }
}
