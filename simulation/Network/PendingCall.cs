// One call that waits: of a read, a write, an accept. Reused by its owner, so that waiting allocates nothing. Its continuation always goes through the
// SynchronizationContext of the task that waits, and never runs on the stack that completes it; also when it is waited for by way of AsTask, where the
// framework's own source would resume on the thread pool.

using System.Threading.Tasks.Sources;
using SimGraph.Runtime;

namespace SimGraph.Simulation.Network;

/// <summary>A reusable source of value tasks: one waiting call at a time.</summary>
internal sealed class PendingCall<T> : IValueTaskSource<T>, IValueTaskSource
{
    private static readonly SendOrPostCallback Resume = static state => ((PendingCall<T>)state!).RunContinuation();

    private Action<object?>? _continuation;
    private object? _state;
    private SynchronizationContext? _context;
    private CancellationTokenRegistration _cancellation;
    private Exception? _error;
    private T? _result;
    private short _version;
    private bool _isCompleted;

    /// <summary>True while the call has neither a result nor an error.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Begins to wait. The callback gets the state when the token is cancelled.</summary>
    public void Begin(Action<object?, CancellationToken> cancelled, object state, CancellationToken cancellationToken)
    {
        Invariant.Check(!IsWaiting, "one call of a kind waits at a time on a connection or listener");
        _version++;
        _continuation = null;
        _error = null;
        _isCompleted = false;
        IsWaiting = true;
        _cancellation = cancellationToken.UnsafeRegister(cancelled, state);
    }

    /// <summary>The task of the call that has begun.</summary>
    public ValueTask<T> ResultAsync() => new(this, _version);

    /// <summary>The same without a result.</summary>
    public ValueTask EndAsync() => new(this, _version);

    public void Complete(T result)
    {
        _result = result;
        Finish();
    }

    public void Fail(Exception error)
    {
        _error = error;
        Finish();
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckVersion(token);
        return !_isCompleted ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckVersion(token);
        Invariant.Check(_continuation is null, "a waiting call is awaited once");
        _continuation = continuation;
        _state = state;
        _context = SynchronizationContext.Current
            ?? throw new InvalidOperationException("a simulated network call is awaited outside every simulated task");
        if (_isCompleted)
        {
            _context.Post(Resume, this);
        }
    }

    /// <inheritdoc/>
    public T GetResult(short token)
    {
        CheckVersion(token);
        Invariant.Check(_isCompleted, "the result of a call is taken after its end");
        _version++;
        if (_error is { } error)
        {
            _error = null;
            throw error;
        }

        T result = _result!;
        _result = default;
        return result;
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => GetResult(token);

    private void Finish()
    {
        Invariant.Check(IsWaiting, "a call ends once");
        IsWaiting = false;
        _isCompleted = true;
        _cancellation.Dispose();
        _cancellation = default;
        if (_continuation is not null)
        {
            _context!.Post(Resume, this);
        }
    }

    private void RunContinuation()
    {
        Action<object?> continuation = _continuation!;
        object? state = _state;
        _continuation = null;
        _state = null;
        _context = null;
        continuation(state);
    }

    private void CheckVersion(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("the task of a read, write or accept was awaited twice, or after the next call had begun");
        }
    }
}
