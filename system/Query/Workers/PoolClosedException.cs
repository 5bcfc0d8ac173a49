namespace SimGraph.Query;

/// <summary>Work was submitted to a pool that is stopping or has stopped; nothing was started.</summary>
public sealed class PoolClosedException(string pool)
    : ObjectDisposedException(pool, $"the worker pool '{pool}' is stopped: the work was not taken")
{
    /// <summary>Which pool.</summary>
    public string Pool { get; } = pool;
}
