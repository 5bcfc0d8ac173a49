using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Client;

/// <summary>A client's connection to one node: one request at a time.</summary>
internal sealed class ClientConnection(DialledConnection dialled, NetworkAddress address, FrameWriter writer)
{
    /// <summary>The node's address.</summary>
    public NetworkAddress Address => address;

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
