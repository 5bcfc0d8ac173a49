// One NetMQ socket behind the seam. Everything that touches it runs on the owner thread; callers post work and wait. Few received messages are kept on this
// side of the socket, so that a receiver finds the next one without asking the owner thread; when they are too many the socket is not polled, and
// the peers feel its high-water mark.
//
// Concurrency model: _gate guards what both sides see (inbox, receiver, closed). Fields below "owner thread" are that thread's alone. No call-out under the lock.

using NetMQ;
using NetMQ.Sockets;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;

namespace SimGraph.ZeroMq;

/// <summary>A message socket over NetMQ.</summary>
internal sealed class NetMqSocket : IMessageSocket
{
    private const int InboxMessagesMax = 64;

    // Messages handed over before other sockets get their turn.
    private const int ReadsPerTurn = 256;

    private readonly object _gate = new();
    private readonly NetMqLoop _loop;
    private readonly NetMQSocket _socket;
    private readonly Action<NetMqSocket> _closed;
    private readonly Queue<Message> _inbox = new();
    private readonly int _inboxMax;
    private TaskCompletionSource<Message>? _receiver;
    private Task? _closing;
    private bool _isPaused;

    // Owner thread.
    private readonly Queue<PendingSend> _waiting = new();
    private bool _isWaitingToSend;
    private bool _isGone;

    public NetMqSocket(NetMqLoop loop, MessageSocketKind kind, MessageSocketOptions options, Action<NetMqSocket> closed)
    {
        _loop = loop;
        _closed = closed;
        Kind = kind;
        _inboxMax = Math.Min(InboxMessagesMax, options.ReceiveHighWaterMark);
        _socket = Create(kind, options);
        loop.Post(() =>
        {
            if (Receives)
            {
                _socket.ReceiveReady += OnReceiveReady;
            }

            _loop.Add(_socket);
        });
    }

    /// <inheritdoc/>
    public MessageSocketKind Kind { get; }

    private bool Receives => Kind is not (MessageSocketKind.Publisher or MessageSocketKind.Push);

    /// <inheritdoc/>
    public async ValueTask<NetworkAddress> BindAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await InvokeAsync(() =>
        {
            try
            {
                if (address.Port == 0)
                {
                    return address with { Port = _socket.BindRandomPort($"tcp://{address.Host}") };
                }

                _socket.Bind($"tcp://{address}");
                return address;
            }
            catch (NetMQException exception)
            {
                throw new NetworkException(NetworkError.AddressInUse, $"bind to {address}: {exception.Message}", exception);
            }
        });
    }

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await InvokeAsync(() =>
        {
            _socket.Connect($"tcp://{address}");
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask<SendOutcome> SendAsync(Message message, CancellationToken cancellationToken) =>
        await SendAsync(message, mayWait: Kind is MessageSocketKind.Dealer or MessageSocketKind.Push, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SendOutcome> TrySendAsync(Message message, CancellationToken cancellationToken) =>
        await SendAsync(message, mayWait: false, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
    {
        MessagePatterns.RequireReceiving(Kind);
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<Message> receiver;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_inbox.TryDequeue(out Message? message))
            {
                ResumeReading();
                return message;
            }

            receiver = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
            _receiver = receiver;
            ResumeReading();
        }

        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((NetMqSocket)state!).CancelReceive(token), this);
        return await receiver.Task;
    }

    /// <inheritdoc/>
    public async ValueTask SubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSubscribing(Kind);
        cancellationToken.ThrowIfCancellationRequested();
        await InvokeAsync(() =>
        {
            ((SubscriberSocket)_socket).Subscribe(topic.ToArray());
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask UnsubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSubscribing(Kind);
        cancellationToken.ThrowIfCancellationRequested();
        await InvokeAsync(() =>
        {
            ((SubscriberSocket)_socket).Unsubscribe(topic.ToArray());
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task closing;
        TaskCompletionSource<Message>? receiver;
        lock (_gate)
        {
            receiver = _receiver;
            _receiver = null;
            closing = _closing ??= _loop.InvokeAsync(CloseNow);
        }

        receiver?.TrySetException(new ObjectDisposedException(nameof(NetMqSocket)));
        await closing;
    }

    private static NetMQSocket Create(MessageSocketKind kind, MessageSocketOptions options)
    {
        NetMQSocket socket = kind switch
        {
            MessageSocketKind.Publisher => new PublisherSocket(),
            MessageSocketKind.Subscriber => new SubscriberSocket(),
            MessageSocketKind.Router => new RouterSocket(),
            MessageSocketKind.Dealer => new DealerSocket(),
            MessageSocketKind.Push => new PushSocket(),
            MessageSocketKind.Pull => new PullSocket(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a pattern"),
        };
        socket.Options.SendHighWatermark = options.SendHighWaterMark;
        socket.Options.ReceiveHighWatermark = options.ReceiveHighWaterMark;
        socket.Options.Linger = TimeSpan.Zero;
        socket.Options.ReconnectInterval = options.ReconnectInterval;
        socket.Options.MaxMsgSize = options.FrameBytesMax;
        if (!options.Identity.IsEmpty)
        {
            socket.Options.Identity = options.Identity.ToArray();
        }

        if (kind == MessageSocketKind.Router)
        {
            socket.Options.RouterMandatory = true;
            socket.Options.RouterHandover = true;
        }

        return socket;
    }

    private async Task<T> InvokeAsync<T>(Func<T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
        }

        return await _loop.InvokeAsync(() =>
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            return work();
        });
    }

    private async Task<SendOutcome> SendAsync(Message message, bool mayWait, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSending(Kind, message);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
        }

        var sending = new PendingSend(message, mayWait);
        ObjectDisposedException.ThrowIf(!_loop.Post(() => Begin(sending)), this);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingSend)state!).Cancel(token), sending);
        return await sending.Outcome;
    }

    // Under the lock.
    private void ResumeReading()
    {
        if (_isPaused && _inbox.Count <= _inboxMax / 2)
        {
            _isPaused = false;
            _loop.Post(() =>
            {
                if (!_isGone)
                {
                    _socket.ReceiveReady += OnReceiveReady;
                }
            });
        }
    }

    private void CancelReceive(CancellationToken cancellationToken)
    {
        TaskCompletionSource<Message>? receiver;
        lock (_gate)
        {
            receiver = _receiver;
            _receiver = null;
        }

        receiver?.TrySetCanceled(cancellationToken);
    }

    private void OnReceiveReady(object? sender, NetMQSocketEventArgs e)
    {
        for (int reads = 0; reads < ReadsPerTurn; reads++)
        {
            lock (_gate)
            {
                if (_inbox.Count >= _inboxMax && _receiver is null)
                {
                    _isPaused = true;
                    _socket.ReceiveReady -= OnReceiveReady;
                    return;
                }
            }

            NetMQMessage? received = null;
            if (!_socket.TryReceiveMultipartMessage(ref received))
            {
                return;
            }

            // Nobody of ours sends so many frames: it is not for us.
            if (received!.FrameCount is >= 1 and <= Message.FramesMax)
            {
                HandOver(new Message([.. received.Select(frame => (ReadOnlyMemory<byte>)frame.ToByteArray())]));
            }
        }
    }

    private void HandOver(Message message)
    {
        TaskCompletionSource<Message>? receiver;
        lock (_gate)
        {
            receiver = _receiver;
            _receiver = null;
            if (receiver is null)
            {
                _inbox.Enqueue(message);
            }
        }

        receiver?.TrySetResult(message);
    }

    private void Begin(PendingSend sending)
    {
        if (_isGone)
        {
            sending.Fail(new ObjectDisposedException(nameof(NetMqSocket)));
        }
        else if (_waiting.Count > 0 && sending.MayWait)
        {
            _waiting.Enqueue(sending);
        }
        else if (!TrySend(sending))
        {
            _waiting.Enqueue(sending);
            _isWaitingToSend = true;
            _socket.SendReady += OnSendReady;
        }
    }

    private void OnSendReady(object? sender, NetMQSocketEventArgs e)
    {
        while (_waiting.TryPeek(out PendingSend? sending) && TrySend(sending))
        {
            _waiting.Dequeue();
        }

        StopWaitingIfDone();
    }

    private void StopWaitingIfDone()
    {
        if (_isWaitingToSend && _waiting.Count == 0)
        {
            _isWaitingToSend = false;
            _socket.SendReady -= OnSendReady;
        }
    }

    /// <summary>False when it is to wait for room.</summary>
    private bool TrySend(PendingSend sending)
    {
        if (!sending.Claim())
        {
            return true;
        }

        try
        {
            var message = new NetMQMessage(sending.Message.Count);
            for (int i = 0; i < sending.Message.Count; i++)
            {
                message.Append(sending.Message[i].ToArray());
            }

            if (_socket.TrySendMultipartMessage(message))
            {
                sending.Complete(SendOutcome.Queued);
                return true;
            }
        }
        catch (HostUnreachableException)
        {
            sending.Complete(SendOutcome.Unreachable);
            return true;
        }

        if (!sending.MayWait)
        {
            sending.Complete(SendOutcome.Full);
            return true;
        }

        // Cancelled meanwhile: it leaves the queue.
        return !sending.Release();
    }

    private bool CloseNow()
    {
        _isGone = true;
        foreach (PendingSend sending in _waiting)
        {
            sending.Fail(new ObjectDisposedException(nameof(NetMqSocket)));
        }

        _waiting.Clear();
        StopWaitingIfDone();
        _loop.Remove(_socket);
        _closed(this);
        return true;
    }
}
