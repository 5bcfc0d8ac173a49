using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Client;

/// <summary>A client's connection to one node: one request at a time.</summary>
/// <param name="dialled">Its handshake is done.</param>
/// <param name="address">The node's address.</param>
/// <param name="writer">Shared with the connections before and after it.</param>
/// <param name="openedAt">When it was opened, on the monotonic clock.</param>
/// <param name="ageLimit">How old it may become.</param>
internal sealed class ClientConnection(DialledConnection dialled, NetworkAddress address, FrameWriter writer, TimeSpan openedAt, TimeSpan ageLimit)
{
    private readonly TimeSpan _openedAt = openedAt;
    private TimeSpan _usedAt = openedAt;

    /// <summary>The node's address.</summary>
    public NetworkAddress Address => address;

    /// <summary>Whether the next request is to go over another connection.</summary>
    public bool IsDue(TimeSpan now, TimeSpan idleLimit) => now - _openedAt > ageLimit || now - _usedAt > idleLimit;

    /// <summary>It was used.</summary>
    public void Touch(TimeSpan now) => _usedAt = now;

    /// <summary>Sends a request and waits for its response. Whatever it throws, the connection is of no further use.</summary>
    public async Task<ClientResponse> AskAsync(ClientRequest request, CancellationToken cancellationToken)
    {
        writer.Clear();
        writer.Write(request);
        await dialled.Connection.WriteAsync(writer.Written, cancellationToken);
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!dialled.Reader.TryRead(out kind, out payload))
        {
            if (!await dialled.Reader.FillAsync(cancellationToken))
            {
                throw new NetworkException(NetworkError.Reset, $"{address} closed the connection before it answered");
            }
        }

        if (kind != FrameKind.ClientResponse)
        {
            throw new ProtocolException($"{address} sent a frame of kind {(byte)kind} where a response must be");
        }

        ClientResponse response = ClientResponse.Decode(payload.Span);
        return response.Id == request.Id
            ? response
            : throw new ProtocolException($"{address} answered request {response.Id} where request {request.Id} is open");
    }

    /// <summary>Closes it.</summary>
    public async Task CloseAsync()
    {
        dialled.Connection.Abort();
        await dialled.Connection.DisposeAsync();
    }
}
