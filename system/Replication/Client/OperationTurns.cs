// The operations of one client, one at a time: whose turn it is runs, a bounded number wait, and no wait is longer than an operation may take. Once stopped, no operation begins,
// the present one is cancelled, and whoever waits is told that the client is stopped.
//
// Concurrency model: callable from anywhere; no task of its own.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Client;

/// <summary>Lets the operations of one client run in turn, within bounds. Thread-safe.</summary>
#pragma warning disable CA1001 // StopAsync is the end of it; the token source holds no timer and no handle.
internal sealed class OperationTurns
#pragma warning restore CA1001
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _limit;
    private readonly int _operationsMax;
    private readonly string _owner;
    private readonly AsyncLock _turn = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _operations;

    /// <param name="clock">Measures the wait for a turn.</param>
    /// <param name="limit">Longest wait for a turn.</param>
    /// <param name="operationsMax">Operations at a time, the present one among them; more are refused.</param>
    /// <param name="owner">Name of the client's type, for <see cref="ObjectDisposedException"/>.</param>
    public OperationTurns(TimeProvider clock, TimeSpan limit, int operationsMax, string owner)
    {
        _clock = clock;
        _limit = limit;
        _operationsMax = operationsMax;
        _owner = owner;
    }

    /// <summary>Waits for the turn and runs an operation.</summary>
    /// <exception cref="RequestRefusedException">Too many wait; it was not begun.</exception>
    /// <exception cref="TimeoutException">The turn did not come in time; it was not begun.</exception>
    /// <exception cref="ObjectDisposedException">The client is stopped.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            throw NewStoppedException();
        }

        using LinkedCancellation? linked = cancellationToken.CanBeCanceled ? new LinkedCancellation(cancellationToken, _stopping.Token) : null;
        CancellationToken token = linked?.Token ?? _stopping.Token;
        int operations = Interlocked.Increment(ref _operations);
        try
        {
            if (operations > _operationsMax)
            {
                throw new RequestRefusedException($"{_operationsMax} operations of this client are under way: wait for some of them, or use more clients");
            }

            using AsyncLock.Holder turn = operations == 1 ? await _turn.EnterAsync(token) : await WaitAsync(token);
            return await operation(token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw NewStoppedException();
        }
        finally
        {
            Interlocked.Decrement(ref _operations);
        }
    }

    /// <summary>Cancels the present operation, waits for its end, and runs what closes the client. Idempotent, safe from anywhere.</summary>
    public async Task StopAsync(Func<Task> close)
    {
        _stopping.Cancel();
        using AsyncLock.Holder turn = await _turn.EnterAsync(CancellationToken.None);
        await close();
    }

    private ObjectDisposedException NewStoppedException() => new(_owner, "the client is stopped");

    private async Task<AsyncLock.Holder> WaitAsync(CancellationToken token)
    {
        using var deadline = Deadline.After(_clock, _limit, token);
        try
        {
            return await _turn.EnterAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"earlier operations of this client took all of {_limit.TotalSeconds:0.###} s");
        }
    }
}
