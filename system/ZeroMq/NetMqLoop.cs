// The thread that owns every socket of a platform: NetMQ's sockets may be touched by one thread only. Everybody else posts what is to be done with them.

using NetMQ;

namespace SimGraph.ZeroMq;

/// <summary>NetMQ's poller on a thread of its own, and the queue of what it is to do. Thread-safe.</summary>
internal sealed class NetMqLoop : IDisposable
{
    private readonly object _gate = new();
    private readonly NetMQPoller _poller = [];
    private readonly NetMQQueue<Action> _work = new();
    private bool _closed;

    public NetMqLoop(string name)
    {
        _work.ReceiveReady += (_, _) => DoWork();
        _poller.Add(_work);
        _poller.RunAsync(name, true);
    }

    /// <summary>Lets the owner thread do something. False when it has ended.</summary>
    public bool Post(Action work)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _work.Enqueue(work);
            return true;
        }
    }

    /// <summary>The same, and waits for the result.</summary>
    /// <exception cref="ObjectDisposedException">The owner thread has ended.</exception>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool posted = Post(() =>
        {
            try
            {
                done.TrySetResult(work());
            }
#pragma warning disable CA1031 // The caller gets it; the owner thread must go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.TrySetException(exception);
            }
        });
        ObjectDisposedException.ThrowIf(!posted, this);
        return done.Task;
    }

    /// <summary>Begins to poll a socket. On the owner thread only.</summary>
    public void Add(NetMQSocket socket) => _poller.Add(socket);

    /// <summary>Ends a socket. On the owner thread only.</summary>
    public void Remove(NetMQSocket socket)
    {
        _poller.Remove(socket);
        socket.Dispose();
    }

    /// <summary>Ends the thread; blocks until it has ended. Once, from another thread, after every socket was removed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _poller.Dispose();
        _work.Dispose();
    }

    private void DoWork()
    {
        while (_work.TryDequeue(out Action? work, TimeSpan.Zero))
        {
            work();
        }
    }
}
