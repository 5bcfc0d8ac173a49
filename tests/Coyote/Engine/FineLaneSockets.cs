// Message sockets in memory, of the patterns that the system uses. A message is delivered at once, or dropped when nobody is there or the receiver is at its mark; when it is seen is Coyote's choice,
// because each call waits once before it takes effect.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>The message sockets of all machines of a scenario. Thread-safe.</summary>
internal sealed class FineLaneSockets : IMessageSockets
{
    private readonly object _gate = new();
    private readonly List<Socket> _sockets = [];

    /// <summary>Sockets that were not disposed.</summary>
    internal int OpenSockets
    {
        get
        {
            lock (_gate)
            {
                return _sockets.Count;
            }
        }
    }

    public IMessageSocket Open(MessageSocketKind kind, MessageSocketOptions options)
    {
        lock (_gate)
        {
            var socket = new Socket(this, kind, options);
            _sockets.Add(socket);
            return socket;
        }
    }

    private sealed class Socket(FineLaneSockets all, MessageSocketKind kind, MessageSocketOptions options) : IMessageSocket
    {
        private const int MessagesMax = 64;
        private readonly List<string> _bound = [];
        private readonly List<string> _connected = [];
        private readonly List<byte[]> _topics = [];
        private readonly Mailbox<Message> _inbox = new(MessagesMax);
        private int _turn;

        public MessageSocketKind Kind => kind;

        public async ValueTask<NetworkAddress> BindAsync(NetworkAddress address, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            lock (all._gate)
            {
                _bound.Add(address.ToString());
            }

            return address;
        }

        public async ValueTask ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            lock (all._gate)
            {
                _connected.Add(address.ToString());
            }
        }

        public async ValueTask<SendOutcome> SendAsync(Message message, CancellationToken cancellationToken) => await TrySendAsync(message, cancellationToken);

        public async ValueTask<SendOutcome> TrySendAsync(Message message, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            bool sent = false;
            lock (all._gate)
            {
                ObjectDisposedException.ThrowIf(!all._sockets.Contains(this), this);
                foreach (Socket peer in Receivers(message))
                {
                    Message arriving = kind switch
                    {
                        MessageSocketKind.Dealer => message.Prepend(options.Identity),
                        MessageSocketKind.Router => message.WithoutFirst(),
                        _ => message,
                    };
                    sent |= peer._inbox.TryPost(arriving);
                }
            }

            return sent || kind == MessageSocketKind.Publisher ? SendOutcome.Queued : kind == MessageSocketKind.Router ? SendOutcome.Unreachable : SendOutcome.Full;
        }

        public async ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
        {
            while (await _inbox.WaitToReceiveAsync(cancellationToken))
            {
                if (_inbox.TryReceive(out Message message))
                {
                    return message;
                }
            }

            throw new ObjectDisposedException(nameof(IMessageSocket));
        }

        public async ValueTask SubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (all._gate)
            {
                _topics.Add(topic.ToArray());
            }
        }

        public async ValueTask UnsubscribeAsync(ReadOnlyMemory<byte> topic, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (all._gate)
            {
                _topics.RemoveAll(one => topic.Span.SequenceEqual(one));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            lock (all._gate)
            {
                all._sockets.Remove(this);
            }

            _inbox.Close();
        }

        private List<Socket> Receivers(Message message)
        {
            List<Socket> peers = [.. all._sockets.Where(IsPeer)];
            return kind switch
            {
                MessageSocketKind.Publisher => [.. peers.Where(peer => peer._topics.Exists(topic => message[0].Span.StartsWith(topic)))],
                MessageSocketKind.Router => [.. peers.Where(peer => peer.Identity.Span.SequenceEqual(message[0].Span)).Take(1)],
                _ => peers.Count == 0 ? [] : [peers[_turn++ % peers.Count]],
            };
        }

        private ReadOnlyMemory<byte> Identity => options.Identity;

        private bool IsPeer(Socket other) =>
            (kind, other.Kind) is (MessageSocketKind.Publisher, MessageSocketKind.Subscriber) or (MessageSocketKind.Push, MessageSocketKind.Pull)
                or (MessageSocketKind.Router, MessageSocketKind.Dealer) or (MessageSocketKind.Dealer, MessageSocketKind.Router)
            && (other._connected.Exists(_bound.Contains) || _connected.Exists(other._bound.Contains));
    }
}
