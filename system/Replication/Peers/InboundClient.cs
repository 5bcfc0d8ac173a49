using SimGraph.Replication.Backup.Serving;
using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Replication.Peers;

/// <summary>Reads the requests of one client connection, pipelined up to a bound, and owns the task that writes the answers.</summary>
internal sealed class InboundClient(
    ReplicaInbox inbox, InboundConnection inbound, FrameReader reader, BackupDesk backups, TaskScope scope, WriteAcknowledgement byDefault)
{
    private static readonly byte[] RetiredText = "the connection has reached its age: open another one"u8.ToArray();

    /// <summary>Serves until the connection or the node ends.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        ClientLink? link = inbound.Client;
        Invariant.Check(link is not null, "a client connection is registered with its link");
        ScopedTask writing = scope.Run("client.write", link.WriteAsync);
        try
        {
            await ReadAsync(link, cancellationToken);
        }
        finally
        {
            link.Close();
            inbound.Connection.Abort();
            await backups.DisposeAsync();
            await writing.Completion;
        }
    }

    private async Task ReadAsync(ClientLink link, CancellationToken cancellationToken)
    {
        do
        {
            inbound.Touch();
            while (reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
            {
                if (kind != FrameKind.ClientRequest)
                {
                    throw new ProtocolException($"a client sent a frame of kind {(byte)kind}");
                }

                ClientRequest request = ClientRequest.Decode(payload.Span);
                if (!await link.AcquireSlotAsync(cancellationToken))
                {
                    link.Refuse(request.Id, RetiredText);
                    continue;
                }

                if (request.Request == RequestKind.Backup)
                {
                    await backups.ServeAsync(request, link, cancellationToken);
                    continue;
                }

                var asked = new ReplicaEvent
                {
                    Kind = KindOf(request.Request),
                    Client = link,
                    RequestId = request.Id,
                    Acknowledgement = AcknowledgementOf(request.Request),
                    Body = request.Body,
                };
                if (!inbox.TryPost(asked) && !await inbox.PostAsync(asked, cancellationToken))
                {
                    link.Reply(request.Id, ResponseStatus.Stopping, "the node stops"u8.ToArray());
                }
            }
        }
        while (await reader.FillAsync(cancellationToken));
    }

    private static ReplicaEventKind KindOf(RequestKind request) => request switch
    {
        RequestKind.Query => ReplicaEventKind.Query,
        RequestKind.LeaseQuery => ReplicaEventKind.LeaseQuery,
        RequestKind.Administration => ReplicaEventKind.Administration,
        _ => ReplicaEventKind.Command,
    };

    private WriteAcknowledgement AcknowledgementOf(RequestKind request) => request switch
    {
        RequestKind.DefaultCommand => byDefault,
        RequestKind.AsynchronousCommand => WriteAcknowledgement.Asynchronous,
        RequestKind.AllCommand => WriteAcknowledgement.All,

        // It promises the result, which an asynchronous answer could not hold.
        RequestKind.Command when byDefault == WriteAcknowledgement.All => WriteAcknowledgement.All,
        _ => WriteAcknowledgement.Quorum,
    };
}
