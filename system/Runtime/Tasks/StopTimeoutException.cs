namespace SimGraph.Runtime.Tasks;

/// <summary>A stop did not end within its limit. The message names every task that is still alive and where it was started.</summary>
public sealed class StopTimeoutException(string scope, TimeSpan limit, IReadOnlyList<ScopedTask> alive)
    : Exception($"scope '{scope}' did not stop within {limit.TotalSeconds:0.###} s; still alive: {string.Join(", ", alive)}")
{
    /// <summary>The tasks that outlived the stop.</summary>
    public IReadOnlyList<ScopedTask> Alive { get; } = alive;
}
