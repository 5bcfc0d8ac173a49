using System.Threading.Tasks.Sources;
using SimGraph.Runtime.Disk;

namespace SimGraph.Simulation.Disk;

/// <summary>One call in flight, with its answer. Awaited once.</summary>
internal abstract class DiskOperationWithAnswer<T>(SimulatedDisk disk) : DiskOperation(disk), IValueTaskSource<T>
{
    // Continuations are posted to the task that awaits; inline ones only complete another promise.
    private ManualResetValueTaskSourceCore<T> _answer;

    internal ValueTask<T> Answer => new(this, _answer.Version);

    public T GetResult(short token) => _answer.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _answer.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    /// <summary>Takes effect.</summary>
    /// <exception cref="DiskException">The call fails.</exception>
    protected abstract T Apply();

    protected sealed override void Complete()
    {
        try
        {
            _answer.SetResult(Apply());
        }
        catch (DiskException failure)
        {
            _answer.SetException(failure);
        }
    }
}
