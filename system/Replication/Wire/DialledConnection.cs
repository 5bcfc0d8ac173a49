using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Wire;

/// <summary>A connection whose handshake was accepted. The owner aborts and disposes <see cref="Connection"/>.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Reader">Reads its frames.</param>
/// <param name="Node">The node at the other end.</param>
internal sealed record DialledConnection(IConnection Connection, FrameReader Reader, int Node)
{
    /// <summary>Connects and shakes hands; leaves nothing open when it fails.</summary>
    /// <param name="platform">Clock and network.</param>
    /// <param name="address">Whom to call.</param>
    /// <param name="hello">What to say.</param>
    /// <param name="limits">How long to wait for the connection and for the answer, and the largest payload to accept afterwards.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="NetworkException">No connection, or it broke.</exception>
    /// <exception cref="TimeoutException">A limit passed.</exception>
    /// <exception cref="HandshakeRefusedException">The other side said no.</exception>
    /// <exception cref="ProtocolException">The other side does not speak this protocol.</exception>
    public static async Task<DialledConnection> DialAsync(
        IPlatform platform, NetworkAddress address, HandshakeRequest hello, DialLimits limits, CancellationToken cancellationToken)
    {
        IConnection connection = await ConnectAsync(platform, address, limits.Connect, cancellationToken);
        bool accepted = false;
        using var deadline = Deadline.After(platform.Clock, limits.Handshake, cancellationToken);
        try
        {
            var writer = new FrameWriter();
            writer.Write(hello);
            await connection.WriteAsync(writer.Written, deadline.Token);
            var reader = new FrameReader(connection, FrameFormat.HandshakePayloadMax);
            HandshakeReply reply = await ReadReplyAsync(reader, address, deadline.Token);
            if (reply.Verdict != HandshakeVerdict.Accepted)
            {
                throw new HandshakeRefusedException(address, reply.Verdict, reply.Reason);
            }

            reader.PayloadMax = limits.PayloadMax;
            accepted = true;
            return new DialledConnection(connection, reader, reply.Node);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"{address} did not answer the handshake within {limits.Handshake.TotalSeconds:0.###} s");
        }
        finally
        {
            if (!accepted)
            {
                connection.Abort();
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<IConnection> ConnectAsync(IPlatform platform, NetworkAddress address, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(platform.Clock, limit, cancellationToken);
        try
        {
            return await platform.Network.ConnectAsync(address, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"no connection to {address} within {limit.TotalSeconds:0.###} s");
        }
    }

    private static async Task<HandshakeReply> ReadReplyAsync(FrameReader reader, NetworkAddress address, CancellationToken cancellationToken)
    {
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!reader.TryRead(out kind, out payload))
        {
            if (!await reader.FillAsync(cancellationToken))
            {
                throw new NetworkException(NetworkError.Reset, $"{address} closed the connection during the handshake");
            }
        }

        return kind == FrameKind.HandshakeReply
            ? HandshakeReply.Decode(payload.Span)
            : throw new ProtocolException($"{address} answered the handshake with a frame of kind {(byte)kind}");
    }
}
