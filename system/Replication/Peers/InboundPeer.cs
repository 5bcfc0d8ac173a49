using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Peers;

/// <summary>Reads one connection of a peer: consensus messages, and the snapshots that some of them speak of; a snapshot that breaks off goes to the shelf.</summary>
internal sealed class InboundPeer(
    ReplicaOptions options, ReplicaInbox inbox, ReplicatedStateMachine machine, SnapshotShelf shelf, InboundConnection inbound, FrameReader reader, NodeId peer)
{
    private readonly FrameWriter _answers = new();
    private StagedState? _staged;
    private ulong _transfer;

    // While a state is being changed: what an exception leaves of it is not to be gone on with.
    private bool _isStaging;

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
            if (_staged is { IsComplete: false } incomplete && !_isStaging)
            {
                await shelf.PutAsync(peer, _transfer, incomplete);
            }
            else if (_staged is { } unwanted)
            {
                await unwanted.AbandonAsync();
            }
        }
    }

    private async Task ConverseAsync(CancellationToken cancellationToken)
    {
        do
        {
            inbound.Touch();
            bool isAsked = false;
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
                    isAsked = true;
                }
                else
                {
                    await StageAsync(kind, payload, cancellationToken);
                }
            }

            if (isAsked)
            {
                await AnswerAsync(new EmptyPayload(FrameKind.Pong), cancellationToken);
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
                await BeginStagingAsync(SnapshotHeader.Decode(payload.Span), cancellationToken);
                break;
            case FrameKind.SnapshotChunk when _staged is not null:
                _isStaging = true;
                await _staged.AddAsync(payload, cancellationToken);
                _isStaging = false;
                break;
            case FrameKind.SnapshotEnd when _staged is not null:
                SnapshotEnd end = SnapshotEnd.Decode(payload.Span);
                _isStaging = true;
                await _staged.CompleteAsync(end.DataLength, end.DataHash, cancellationToken);
                _isStaging = false;
                break;
            default:
                throw new ProtocolException($"node {peer.Value} sent an unexpected frame of kind {(byte)kind}");
        }
    }

    private async ValueTask BeginStagingAsync(SnapshotHeader header, CancellationToken cancellationToken)
    {
        if (_staged is { } replaced)
        {
            _staged = null;
            await replaced.AbandonAsync();
        }

        _transfer = header.Transfer;
        _staged = shelf.TryTake(peer, header) ?? machine.BeginReceive(header.Position, options.SnapshotBytesMax);
        await AnswerAsync(new SnapshotResume(header.Transfer, (ulong)_staged.Length, _staged.Hash), cancellationToken);
    }

    private async ValueTask AnswerAsync<TPayload>(TPayload answer, CancellationToken cancellationToken)
        where TPayload : struct, IFramePayload
    {
        _answers.Clear();
        _answers.Write(answer);
        await inbound.Connection.WriteAsync(_answers.Written, cancellationToken);
    }
}
