// One connection between two sockets: greetings, then items in both directions until it breaks or is cut. What was given to the connection when it
// breaks is lost, as the buffers of a kernel are.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Simulation.Messaging;

/// <summary>Serves a pipe over a connection. Used once.</summary>
#pragma warning disable CA1001 // The token source holds no timer and no handle; a late Cut must stay harmless.
internal sealed class MessageLink(SimulatedMessageSocket socket, IConnection connection, MessagePipe pipe)
#pragma warning restore CA1001
{
    // Items that fit are written at once, as the encoders of ZeroMQ do.
    private const int BatchBytes = 8192;
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(10);

    private readonly MessageStream _stream = new(connection, socket.Options.FrameBytesMax);
    private readonly CancellationTokenSource _broken = new();

    /// <summary>Serves until the connection is gone, and closes it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ScopedTask? writer = null;
        using var linked = new LinkedCancellation(cancellationToken, _broken.Token);
        try
        {
            if (await GreetAsync(cancellationToken) is not { } identity)
            {
                return;
            }

            socket.Attach(pipe, identity, Cut);
            writer = socket.Scope.Run("write", _ => WriteAsync(linked.Token));
            await ReadAsync(linked.Token);
        }
        catch (NetworkException)
        {
            // It broke.
        }
        catch (FormatException)
        {
            socket.Lost(MessageLoss.TooLarge, 1);
        }
        catch (OperationCanceledException) when (linked.Token.IsCancellationRequested)
        {
            // The socket is being disposed, or the link was cut.
        }
        finally
        {
            Cut();
            if (writer is not null)
            {
                await writer.Completion;
                socket.Detach(pipe);
            }

            await connection.DisposeAsync();
        }
    }

    private void Cut()
    {
        _broken.Cancel();
        connection.Abort();
    }

    /// <summary>The peer's identity; null if it is not a socket of the right pattern.</summary>
    private async Task<byte[]?> GreetAsync(CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(socket.Clock, GreetingLimit, cancellationToken);
        try
        {
            _stream.AddGreeting(socket.Kind, socket.Options.Identity.Span);
            await _stream.SendAsync(deadline.Token);
            return await _stream.ReadGreetingAsync(deadline.Token) is { } greeting && MessagePatterns.Pair(socket.Kind, greeting.Kind)
                ? greeting.Identity
                : null;
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            return null;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await _stream.ReadAsync(cancellationToken) is { } item)
        {
            switch (item.Kind)
            {
                case MessageItemKind.Subscribe:
                    pipe.Subscriptions.Add(item.Content[0]);
                    break;
                case MessageItemKind.Unsubscribe:
                    pipe.Subscriptions.Remove(item.Content[0].Span);
                    break;
                default:
                    while (!pipe.HasReceiveRoom)
                    {
                        await pipe.IncomingRoom.WaitAsync(cancellationToken);
                    }

                    socket.Arrived(pipe, item.Content);
                    break;
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        int under = 0;
        try
        {
            while (true)
            {
                while (_stream.UnsentBytes < BatchBytes && pipe.TryTakeOutgoing(out MessageItem item))
                {
                    _stream.Add(item);
                    under += item.Kind == MessageItemKind.Message ? 1 : 0;
                }

                if (_stream.UnsentBytes == 0)
                {
                    await pipe.OutgoingReady.WaitAsync(cancellationToken);
                    continue;
                }

                socket.RoomWasMade();
                await _stream.SendAsync(cancellationToken);
                under = 0;
            }
        }
        catch (Exception exception) when (exception is NetworkException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Lost(socket.IsClosed ? MessageLoss.SocketClosed : MessageLoss.ConnectionBroke, under);
            Cut();
        }
    }
}
