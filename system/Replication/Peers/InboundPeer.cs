using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Replication.Peers;

/// <summary>Reads one connection of a peer: consensus messages, and the snapshots that some of them speak of.</summary>
internal sealed class InboundPeer(ReplicaOptions options, ReplicaInbox inbox, InboundConnection inbound, FrameReader reader, NodeId peer)
{
    private readonly FrameWriter _pongs = new();
    private SnapshotAssembly? _assembly;

    /// <summary>Reads until the connection or the node ends.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        do
        {
            inbound.Touch();
            bool asked = false;
            while (reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
            {
                if (kind == FrameKind.Consensus)
                {
                    ReplicaEvent received = Receive(ConsensusPayload.Decode(payload.Span));
                    if (!inbox.TryPost(received) && !await inbox.PostAsync(received, cancellationToken))
                    {
                        return;
                    }
                }
                else if (kind == FrameKind.Ping)
                {
                    asked = true;
                }
                else
                {
                    Assemble(kind, payload.Span);
                }
            }

            if (asked)
            {
                _pongs.Clear();
                _pongs.Write(new EmptyPayload(FrameKind.Pong));
                await inbound.Connection.WriteAsync(_pongs.Written, cancellationToken);
            }
        }
        while (await reader.FillAsync(cancellationToken));
    }

    private ReplicaEvent Receive(ConsensusMessage message)
    {
        if (message.From != peer || message.To != options.Self)
        {
            throw new ProtocolException($"node {peer.Value} sent a message from node {message.From.Value} to node {message.To.Value}");
        }

        StoredSnapshot? snapshot = null;
        if (message.Kind == MessageKind.InstallSnapshot)
        {
            SnapshotAssembly assembly = _assembly ?? throw new ProtocolException($"node {peer.Value} sent InstallSnapshot without the snapshot");
            _assembly = null;
            snapshot = assembly.Complete(message.Snapshot);
        }

        return new ReplicaEvent { Kind = ReplicaEventKind.Message, Message = message, Snapshot = snapshot };
    }

    private void Assemble(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.SnapshotHeader:
                _assembly = new SnapshotAssembly(SnapshotHeader.Decode(payload), options.SnapshotBytesMax);
                break;
            case FrameKind.SnapshotChunk when _assembly is not null:
                _assembly.Add(payload);
                break;
            default:
                throw new ProtocolException($"node {peer.Value} sent an unexpected frame of kind {(byte)kind}");
        }
    }
}
