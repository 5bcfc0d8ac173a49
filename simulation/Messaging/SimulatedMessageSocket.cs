// The simulated twin of a ZeroMQ socket. It is built on the simulated network's connections, as ZeroMQ is on TCP: so latency, partitions, resets in the middle of
// a message, clogs, pauses and crashes reach it the way they reach the real one, and nothing about them is modelled twice. Its tasks are the process's own, in
// the ledger with the socket until DisposeAsync has ended them.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Messaging;

/// <summary>A message socket of a simulated process.</summary>
internal sealed class SimulatedMessageSocket : IMessageSocket
{
    private const int EndpointsMax = 256;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Incarnation _process;
    private readonly INetwork _network;
    private readonly LedgerEntry _entry;
    private readonly PipeSet _pipes;
    private readonly TopicSet _topics = new();
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _room = new();
    private int _endpoints;
    private bool _isStruckOut;

    public SimulatedMessageSocket(Incarnation process, IPlatform platform, int number, MessageSocketKind kind, MessageSocketOptions options)
    {
        _process = process;
        _network = platform.Network;
        Kind = kind;
        Options = options;
        Clock = platform.Clock;
        _pipes = new PipeSet(kind, Lost);
        string name = $"socket-{number}-{kind}";
        Scope = new TaskScope(platform.Tasks, name);
        _entry = process.Ledger.Add(LedgerKind.MessageSocket, name);
    }

    /// <inheritdoc/>
    public MessageSocketKind Kind { get; }

    public MessageSocketOptions Options { get; }

    public TimeProvider Clock { get; }

    /// <summary>True once its disposal has begun.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Owns the socket's tasks.</summary>
    public TaskScope Scope { get; }

    /// <inheritdoc/>
    public async ValueTask<NetworkAddress> BindAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        BeginEndpoint(cancellationToken);
        IListener listener = await _network.ListenAsync(address, cancellationToken);
        try
        {
            Scope.Run("accept", token => AcceptAsync(listener, token));
        }
        catch (ScopeStoppedException)
        {
            await listener.DisposeAsync();
            throw Disposed();
        }

        return listener.LocalAddress;
    }

    /// <inheritdoc/>
    public ValueTask ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        BeginEndpoint(cancellationToken);
        MessagePipe pipe = CreatePipe(outlivesConnection: true);
        _pipes.Add(pipe);
        _room.Set();
        Scope.Run("connect", token => StayConnectedAsync(address, pipe, token));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<SendOutcome> SendAsync(Message message, CancellationToken cancellationToken)
    {
        SendOutcome outcome = await TrySendAsync(message, cancellationToken);
        while (outcome == SendOutcome.Full && Kind is MessageSocketKind.Dealer or MessageSocketKind.Push)
        {
            await _room.WaitAsync(cancellationToken);
            outcome = await TrySendAsync(message, cancellationToken);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<SendOutcome> TrySendAsync(Message message, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSending(Kind, message);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return ValueTask.FromResult(_pipes.TrySend(message));
    }

    /// <inheritdoc/>
    public async ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
    {
        MessagePatterns.RequireReceiving(Kind);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfClosed();
            if (_pipes.TryReceive() is { } message)
            {
                return message;
            }

            await _readable.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask SubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSubscribing(Kind);
        ThrowIfClosed();
        if (_topics.Add(topic.ToArray()))
        {
            TellPublishers(MessageItemKind.Subscribe, topic);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
    {
        MessagePatterns.RequireSubscribing(Kind);
        ThrowIfClosed();
        if (_topics.Remove(topic.Span))
        {
            TellPublishers(MessageItemKind.Unsubscribe, topic);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _pipes.Close();
            _readable.Set();
            _room.Set();
        }

        await Scope.StopAsync(StopLimit);
        if (!_isStruckOut)
        {
            _isStruckOut = true;
            _process.Ledger.Remove(_entry);
        }
    }

    /// <summary>A connection serves a pipe from now on.</summary>
    public void Attach(MessagePipe pipe, byte[] identity, Action cut)
    {
        if (IsClosed)
        {
            return;
        }

        pipe.Cut = cut;
        _pipes.Attach(pipe, identity);
        if (!pipe.OutlivesConnection)
        {
            _pipes.Add(pipe);
        }

        if (Kind == MessageSocketKind.Subscriber)
        {
            pipe.DropOutgoing();
            foreach (ReadOnlyMemory<byte> topic in _topics.All)
            {
                pipe.Send(new MessageItem(MessageItemKind.Subscribe, new Message(topic)));
            }
        }

        _room.Set();
    }

    /// <summary>That connection is gone.</summary>
    public void Detach(MessagePipe pipe) => _pipes.Detach(pipe);

    /// <summary>A whole message has arrived.</summary>
    public void Arrived(MessagePipe pipe, Message message)
    {
        // What was unsubscribed meanwhile is still under way.
        if (!pipe.HasEnded && (Kind != MessageSocketKind.Subscriber || _topics.Matches(message[0].Span)))
        {
            pipe.Arrived(message);
            _readable.Set();
        }
    }

    /// <summary>Something was taken from the outgoing messages of a pipe.</summary>
    public void RoomWasMade() => _room.Set();

    public void Lost(MessageLoss loss, int messages)
    {
        if (messages > 0)
        {
            _process.World.Count($"messages.lost.{Name(loss)}", messages);
            _process.Machine.Probes.Reachable($"messages.{Name(loss)}");
            if (loss is not (MessageLoss.NotSubscribed or MessageLoss.SocketClosed))
            {
                _process.World.CountFault($"messages.{Name(loss)}");
            }
        }
    }

    private static string Name(MessageLoss loss) => loss switch
    {
        MessageLoss.SubscriberAtMark => "subscriber-at-mark",
        MessageLoss.NotSubscribed => "not-subscribed",
        MessageLoss.PeerAtMark => "peer-at-mark",
        MessageLoss.UnknownPeer => "unknown-peer",
        MessageLoss.PeerLeft => "peer-left",
        MessageLoss.ConnectionBroke => "connection-broke",
        MessageLoss.SocketClosed => "socket-closed",
        _ => "too-large",
    };

    private MessagePipe CreatePipe(bool outlivesConnection) =>
        new(outlivesConnection, Options.SendHighWaterMark, Options.ReceiveHighWaterMark);

    private void BeginEndpoint(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        Invariant.Check(++_endpoints <= EndpointsMax, "a message socket has at most 256 endpoints");
    }

    private async Task AcceptAsync(IListener listener, CancellationToken cancellationToken)
    {
        await using (listener)
        {
            while (true)
            {
                try
                {
                    IConnection connection = await listener.AcceptAsync(cancellationToken);
                    await ServeAsync(connection);
                }
                catch (NetworkException)
                {
                    await Clock.DelayAsync(Options.ReconnectInterval, cancellationToken);
                }
            }
        }
    }

    private async Task ServeAsync(IConnection connection)
    {
        try
        {
            MessagePipe pipe = CreatePipe(outlivesConnection: false);
            Scope.Run("serve", token => new MessageLink(this, connection, pipe).RunAsync(token));
        }
        catch (ScopeStoppedException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task StayConnectedAsync(NetworkAddress address, MessagePipe pipe, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryConnectAsync(address, cancellationToken) is { } connection)
            {
                await new MessageLink(this, connection, pipe).RunAsync(cancellationToken);
            }

            await Clock.DelayAsync(Options.ReconnectInterval, cancellationToken);
        }
    }

    private async Task<IConnection?> TryConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(Clock, ConnectLimit, cancellationToken);
        try
        {
            return await _network.ConnectAsync(address, deadline.Token);
        }
        catch (NetworkException)
        {
            return null;
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            return null;
        }
    }

    private void TellPublishers(MessageItemKind kind, ReadOnlyMemory<byte> topic)
    {
        foreach (MessagePipe pipe in _pipes.All)
        {
            if (pipe.IsAttached)
            {
                pipe.Send(new MessageItem(kind, new Message(topic.ToArray())));
            }
        }
    }

    private void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw Disposed();
        }
    }

    private ObjectDisposedException Disposed() => new(Scope.Path, "the message socket was disposed");
}
