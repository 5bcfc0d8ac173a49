namespace SimGraph.Tests.Conformance;

/// <summary>Counts the calls of a timer, and lets a test wait for a number of them.</summary>
internal sealed class FiredTimes
{
    private readonly object _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private int _count;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    internal void Record(object? state)
    {
        lock (_gate)
        {
            _count++;
            foreach ((int count, TaskCompletionSource reached) in _waiters)
            {
                if (_count >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    internal Task WaitForAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            _waiters.Add((count, reached));
        }

        return reached.Task;
    }
}
