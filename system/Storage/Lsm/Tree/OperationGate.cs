// Counts the reads that use open tables, so that a stop closes the files behind the last of them. One integer: the count, plus a large number once
// the gate is closed.

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Lets operations in until it is closed, and tells when all have left. Thread-safe.</summary>
internal sealed class OperationGate
{
    private const int ClosedMark = 1 << 30;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private int _closing;

    /// <summary>False when the gate is closed. Each success needs an <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _state) < ClosedMark)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _state) == ClosedMark)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more, and ends when all have left.</summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0 && Interlocked.Add(ref _state, ClosedMark) == ClosedMark)
        {
            _drained.TrySetResult();
        }

        await _drained.Task;
    }
}
