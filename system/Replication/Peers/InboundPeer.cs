using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Peers;

/// <summary>Reads one connection of a peer: consensus messages, and the snapshots that some of them speak of.</summary>
internal sealed class InboundPeer(
    ReplicaOptions options, ReplicaInbox inbox, ReplicatedStateMachine machine, InboundConnection inbound, FrameReader reader, NodeId peer)
{
    private readonly FrameWriter _pongs = new();
    private StagedState? _staged;

    /// <summary>Reads until the connection or the node ends.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConverseAsync(cancellationToken);
        }
        catch (Exception exception) when (DeviceFailure.Is(exception) || exception is FormatException and not ProtocolException)
        {
            throw new ProtocolException($"a snapshot of node {peer.Value} could not be taken: {exception.Message}");
        }
        finally
        {
            if (_staged is { } incomplete)
            {
                await incomplete.AbandonAsync();
            }
        }
    }

    private async Task ConverseAsync(CancellationToken cancellationToken)
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

                    _staged = received.Snapshot is null ? _staged : null;
                }
                else if (kind == FrameKind.Ping)
                {
                    asked = true;
                }
                else
                {
                    await StageAsync(kind, payload, cancellationToken);
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

        StagedState? snapshot = null;
        if (message.Kind == MessageKind.InstallSnapshot)
        {
            snapshot = _staged is { IsComplete: true } && _staged.Position == message.Snapshot
                ? _staged
                : throw new ProtocolException($"node {peer.Value} sent InstallSnapshot at {message.Snapshot} without the whole snapshot");
        }

        return new ReplicaEvent { Kind = ReplicaEventKind.Message, Message = message, Snapshot = snapshot };
    }

    private async ValueTask StageAsync(FrameKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case FrameKind.SnapshotHeader:
                if (_staged is { } replaced)
                {
                    _staged = null;
                    await replaced.AbandonAsync();
                }

                _staged = machine.BeginReceive(SnapshotHeader.Decode(payload.Span).Position, options.SnapshotBytesMax);
                break;
            case FrameKind.SnapshotChunk when _staged is not null:
                await _staged.AddAsync(payload, cancellationToken);
                break;
            case FrameKind.SnapshotEnd when _staged is not null:
                SnapshotEnd end = SnapshotEnd.Decode(payload.Span);
                await _staged.CompleteAsync(end.DataLength, end.DataHash, cancellationToken);
                break;
            default:
                throw new ProtocolException($"node {peer.Value} sent an unexpected frame of kind {(byte)kind}");
        }
    }
}
