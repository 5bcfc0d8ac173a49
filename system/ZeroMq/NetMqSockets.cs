// The production side of the message seam. One owner thread for all sockets of a platform, started with the first socket, ended by DisposeAsync, which also
// ends NetMQ's own threads when nobody else in the process uses them.

using SimGraph.Runtime.Messaging;

namespace SimGraph.ZeroMq;

/// <summary>Message sockets over ZeroMQ, by NetMQ. Thread-safe; dispose it after every component that uses it has stopped.</summary>
public sealed class NetMqSockets : IMessageSockets, IAsyncDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly HashSet<NetMqSocket> _open = [];
    private readonly string _name;
    private NetMqLoop? _loop;
    private Task? _closing;

    /// <param name="name">Names the owner thread.</param>
    public NetMqSockets(string name = "zeromq")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <inheritdoc/>
    public IMessageSocket Open(MessageSocketKind kind, MessageSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_loop is null)
            {
                NetMqContext.Enter();
                _loop = new NetMqLoop(_name);
            }

            var socket = new NetMqSocket(_loop, kind, options, Forget);
            _open.Add(socket);
            return socket;
        }
    }

    /// <summary>Ends the sockets that are still open, the owner thread, and NetMQ's threads if this was their last user. Idempotent.</summary>
    /// <exception cref="TimeoutException">The threads did not end within 10 s.</exception>
    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            closing = _closing ??= CloseAsync([.. _open], _loop);
        }

        await closing.WaitAsync(CloseLimit);
    }

    private static async Task CloseAsync(NetMqSocket[] open, NetMqLoop? loop)
    {
        await Task.Yield();
        foreach (NetMqSocket socket in open)
        {
            await socket.DisposeAsync();
        }

        if (loop is not null)
        {
            // Both block for a moment: the pool may bear that, a caller's thread need not.
            await Task.Run(() =>
            {
                loop.Dispose();
                NetMqContext.Leave();
            });
        }
    }

    private void Forget(NetMqSocket socket)
    {
        lock (_gate)
        {
            _open.Remove(socket);
        }
    }
}
