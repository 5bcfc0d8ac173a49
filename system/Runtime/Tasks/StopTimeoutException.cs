namespace SimGraph.Runtime.Tasks;

/// <summary>
/// A stop did not end within its limit. The message names every task that is still alive and where it was started. No task is, when what was waited for is a start that was cancelled, or another stop.
/// </summary>
public sealed class StopTimeoutException(string scope, TimeSpan limit, IReadOnlyList<ScopedTask> alive)
    : Exception($"scope '{scope}' did not stop within {limit.TotalSeconds:0.###} s; still alive: {Describe(alive)}")
{
    /// <summary>The tasks that outlived the stop.</summary>
    public IReadOnlyList<ScopedTask> Alive { get; } = alive;

    private static string Describe(IReadOnlyList<ScopedTask> alive) =>
        alive.Count > 0 ? string.Join(", ", alive) : "a start that was cancelled, or another stop";
}
