// The only way to start work. A scope owns the tasks and the child scopes started in it; StopAsync closes it to new work, cancels what runs and
// waits until all of it has ended. It answers the three patterns by which the modelled database fixed its leaks (stop channel + wait group,
// context cancellation, callbacks that look at the stop signal first).
//
// Concurrency model: every member may be called from any task at any time. One lock guards the lists; no call-out happens under it. The races
// that matter are Run against StopAsync (a task is either refused or awaited, never lost) and StopAsync against itself (all callers wait for
// the same end).

using System.Runtime.CompilerServices;
using SimGraph.Runtime.Time;

namespace SimGraph.Runtime.Tasks;

/// <summary>A named, nested owner of tasks. Thread-safe.</summary>
public sealed class TaskScope : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly ITaskHost _host;
    private readonly TaskScope? _parent;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ScopedTask> _tasks = [];
    private readonly List<TaskScope> _children = [];
    private readonly List<TaskCompletionSource<bool>> _stops = [];
    private Exception? _firstFailure;
    private bool _closed;
    private bool _drained;

    /// <summary>Creates a root scope.</summary>
    /// <param name="host">Where bodies run.</param>
    /// <param name="name">Name for reports; short, dotted or dashed, without '/'.</param>
    public TaskScope(ITaskHost host, string name)
        : this(host, name, parent: null)
    {
    }

    private TaskScope(ITaskHost host, string path, TaskScope? parent)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _host = host;
        _parent = parent;
        Path = path;
        Stopping = _stopping.Token;
    }

    /// <summary>How long <see cref="StopAsync()"/> waits before it reports what is still alive: 30 s.</summary>
    public static TimeSpan DefaultStopLimit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Names of this scope and its owners, joined by '/'.</summary>
    public string Path { get; }

    /// <summary>Cancelled when the scope begins to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The first exception with which a task of this scope, or of a scope below it, ended; null if none did.</summary>
    public Exception? FirstFailure
    {
        get
        {
            lock (_gate)
            {
                return _firstFailure;
            }
        }
    }

    /// <summary>Starts a task. Its token is cancelled when the scope stops; it must then end soon.</summary>
    /// <exception cref="ScopeStoppedException">The scope is stopping or has stopped; nothing was started.</exception>
    public ScopedTask Run(
        string name,
        Func<CancellationToken, Task> body,
        [CallerFilePath] string sourceFile = "",
        [CallerLineNumber] int sourceLine = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(body);
        var task = new ScopedTask($"{Path}/{name}", sourceFile, sourceLine, _host.Clock.Elapsed(), Stopping);
        lock (_gate)
        {
            if (_closed)
            {
                throw new ScopeStoppedException(Path, name);
            }

            _tasks.Add(task);
        }

        // Outside the lock: a host may run other work on this stack. A stop that comes in between already sees the task and waits for it.
        try
        {
            _ = _host.StartAsync(task, () => RunBodyAsync(task, body));
        }
        catch
        {
            // The body will never run: nobody may wait for it.
            Finished(task);
            throw;
        }

        return task;
    }

    /// <summary>Creates a scope below this one; stopping this one stops it too.</summary>
    /// <exception cref="ScopeStoppedException">The scope is stopping or has stopped.</exception>
    public TaskScope CreateChild(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var child = new TaskScope(_host, $"{Path}/{name}", this);
        lock (_gate)
        {
            if (_closed)
            {
                throw new ScopeStoppedException(Path, name);
            }

            _children.Add(child);
        }

        return child;
    }

    /// <summary>The tasks alive now, of this scope and those below it, oldest first within each scope.</summary>
    public IReadOnlyList<ScopedTask> SnapshotAlive()
    {
        var alive = new List<ScopedTask>();
        CollectAlive(alive);
        return alive;
    }

    /// <summary>Stops with the <see cref="DefaultStopLimit"/>.</summary>
    /// <exception cref="StopTimeoutException">Tasks outlived the limit; the scope stays closed and a later call waits again.</exception>
    public Task StopAsync() => StopAsync(DefaultStopLimit);

    /// <summary>
    /// Refuses new work, cancels every task and waits until all have ended. Idempotent; safe against concurrent calls and against <see cref="Run"/>.
    /// Must not be awaited by a task of the scope itself.
    /// </summary>
    /// <exception cref="StopTimeoutException">Tasks outlived <paramref name="limit"/>; the scope stays closed and a later call waits again.</exception>
    public async Task StopAsync(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        BeginStop();
        while (!await WaitForDrainAsync(limit))
        {
            IReadOnlyList<ScopedTask> alive = SnapshotAlive();
            if (alive.Count > 0)
            {
                throw new StopTimeoutException(Path, limit, alive);
            }

            // The last task ended between the limit and the snapshot: what is missing is only the word of it.
        }

        _parent?.Forget(this);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task RunBodyAsync(ScopedTask task, Func<CancellationToken, Task> body)
    {
        try
        {
            await body(Stopping);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The ordinary end of a task that was told to stop.
        }
#pragma warning disable CA1031 // The host decides what an unexpected exception means; none is swallowed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            task.Failure = exception;
            RecordFailure(exception);
            _host.ReportFailure(task, exception);
        }
        finally
        {
            Finished(task);
        }
    }

    private void RecordFailure(Exception exception)
    {
        for (TaskScope? scope = this; scope is not null; scope = scope._parent)
        {
            lock (scope._gate)
            {
                scope._firstFailure ??= exception;
            }
        }
    }

    private void BeginStop()
    {
        TaskScope[] children;
        lock (_gate)
        {
            _closed = true;
            children = [.. _children];
        }

        try
        {
            _stopping.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback on the token failed. That is its owner's bug to report, and no reason to leave tasks running.
            var culprit = new ScopedTask($"{Path}/stopping-callbacks", string.Empty, 0, _host.Clock.Elapsed(), Stopping);
            RecordFailure(exception);
            _host.ReportFailure(culprit, exception);
        }

        foreach (TaskScope child in children)
        {
            child.BeginStop();
        }

        EndIfDrained();
    }

    private void Finished(ScopedTask task)
    {
        // First, so that the completion of every task is visible when StopAsync returns.
        task.Complete();
        lock (_gate)
        {
            _tasks.Remove(task);
        }

        EndIfDrained();
    }

    private void Forget(TaskScope child)
    {
        lock (_gate)
        {
            _children.Remove(child);
        }

        EndIfDrained();
    }

    private void EndIfDrained()
    {
        TaskCompletionSource<bool>[] stops;
        lock (_gate)
        {
            if (!_closed || _drained || _tasks.Count > 0 || _children.Count > 0)
            {
                return;
            }

            _drained = true;
            stops = [.. _stops];
            _stops.Clear();
        }

        _parent?.Forget(this);
        foreach (TaskCompletionSource<bool> stop in stops)
        {
            stop.TrySetResult(true);
        }
    }

    private async Task<bool> WaitForDrainAsync(TimeSpan limit)
    {
        TaskCompletionSource<bool> stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_drained)
            {
                return true;
            }

            _stops.Add(stop);
        }

        // One source that both ends complete, and not WhenAny over two, which would go on through the thread pool.
        using ITimer timer = _host.Clock.CreateTimer(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), stop, limit, Timeout.InfiniteTimeSpan);
        bool drained = await stop.Task;
        if (!drained)
        {
            lock (_gate)
            {
                _stops.Remove(stop);
            }
        }

        return drained;
    }

    private void CollectAlive(List<ScopedTask> alive)
    {
        TaskScope[] children;
        lock (_gate)
        {
            alive.AddRange(_tasks);
            children = [.. _children];
        }

        foreach (TaskScope child in children)
        {
            child.CollectAlive(alive);
        }
    }
}
