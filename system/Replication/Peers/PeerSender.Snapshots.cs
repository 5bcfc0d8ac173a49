// The part of a sender that sends whole states.
//
// A snapshot that a broken connection interrupted is kept for a while: if the core asks for one again, and it still reaches back to the start of the log, it goes on
// where the receiver got to.

using System.Buffers;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.Peers;

internal sealed partial class PeerSender
{
    /// <summary>Queues a snapshot and the message that speaks of it; replaces one that was not begun yet.</summary>
    public void SendSnapshot(ConsensusMessage asked, FrozenState state)
    {
        var transfer = new SnapshotTransfer(About(asked, state), state, NextTransferId());
        SnapshotTransfer? replaced;
        SnapshotTransfer? kept;
        bool isRetired;
        lock (_gate)
        {
            isRetired = _retired;
            replaced = isRetired ? transfer : _transfer;
            kept = _kept;
            _kept = null;
            _transfer = isRetired ? null : transfer;
        }

        replaced?.Dispose();
        kept?.Dispose();
        _outbox.Wake();
    }

    /// <summary>Goes on with an interrupted snapshot, if there is one and it is not older than the one that is asked for.</summary>
    public bool TryResumeSnapshot(ConsensusMessage asked)
    {
        lock (_gate)
        {
            if (_kept is not { } kept || _transfer is not null || kept.State.Position.Index < asked.Snapshot.Index)
            {
                return false;
            }

            kept.Message = About(asked, kept.State);
            _transfer = kept;
            _kept = null;
        }

        _outbox.Wake();
        return true;
    }

    private async Task StreamAsync(PeerSession session, SnapshotTransfer transfer, CancellationToken cancellationToken)
    {
        bool delivered = false;
        bool isKept = false;
        try
        {
            SnapshotMark from = await AgreeAsync(session, transfer, cancellationToken);
            long length = await StreamStateAsync(session, transfer, from, cancellationToken);
            _chunks.Write(new ConsensusPayload(transfer.Message));
            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            delivered = true;
            _platform.Probes.Reachable("repl.snapshot-sent");
            ReplicationLog.SnapshotSent(_logger, Peer, transfer.State.Position.Index, length);
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            isKept = true;
            Keep(transfer);
            throw;
        }
        finally
        {
            if (!isKept)
            {
                transfer.Dispose();
            }

            Report(unreachable: false, delivered);
        }
    }

    // What the receiver holds must be the beginning of this very content, or everything is sent.
    private async Task<SnapshotMark> AgreeAsync(PeerSession session, SnapshotTransfer transfer, CancellationToken cancellationToken)
    {
        while (true)
        {
            session.ExpectResume();
            _chunks.Clear();
            _chunks.Write(new SnapshotHeader(transfer.State.Position, transfer.Id));
            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            SnapshotResume held = await ReadResumeAsync(session, cancellationToken);
            if (held.Transfer == transfer.Id && transfer.Find(held.DataLength, held.DataHash) is { } from)
            {
                _platform.Probes.Sometimes(from.Length > 0, "repl.snapshot-resumed");
                return from;
            }

            transfer.BeginAnew(NextTransferId());
        }
    }

    private async Task<SnapshotResume> ReadResumeAsync(PeerSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (session.TakeResume() is { } held)
            {
                return held;
            }

            if (session.IsBroken)
            {
                throw new NetworkException(NetworkError.Reset, $"the connection to node {Peer} broke before a snapshot could begin");
            }

            if (_outbox.Take() is { } frames)
            {
                await session.WriteAsync(frames, cancellationToken);
            }
            else
            {
                await _outbox.WaitAsync(cancellationToken);
            }
        }
    }

    private async Task<long> StreamStateAsync(PeerSession session, SnapshotTransfer transfer, SnapshotMark from, CancellationToken cancellationToken)
    {
        var pairs = new ArrayBufferWriter<byte>();
        long length = from.Length;
        ulong hash = from.Hash;
        await using LsmCursor cursor = transfer.State.OpenCursor();
        if (from.Next is { } next)
        {
            await cursor.SeekAsync(next, cancellationToken);
        }

        while (cursor.IsValid)
        {
            pairs.ResetWrittenCount();
            await FrozenState.ReadChunkAsync(cursor, pairs, _options.SnapshotChunkBytes, cancellationToken);
            hash = StagedState.NextHash(hash, pairs.WrittenSpan);
            length += pairs.WrittenCount;
            transfer.Note(new SnapshotMark(length, hash, cursor.IsValid ? cursor.Key.ToArray() : null));
            _chunks.Write(new SnapshotChunk(pairs.WrittenMemory));

            // Messages of the core, heartbeats above all, must not wait behind a whole state.
            if (_outbox.Take() is { } frames)
            {
                await session.WriteAsync(frames, cancellationToken);
            }

            await session.WriteAsync(_chunks, cancellationToken);
            _chunks.Clear();
            if (_platform.Probes.Buggify("repl.break-snapshot"))
            {
                session.Connection.Abort();
            }
        }

        _chunks.Write(new SnapshotEnd((ulong)length, hash));
        return length;
    }

    private void Keep(SnapshotTransfer transfer)
    {
        SnapshotTransfer? replaced;
        lock (_gate)
        {
            replaced = _kept;
            _kept = transfer;
            _keptUntil = _platform.Clock.Elapsed() + _options.SnapshotKeepLimit;
        }

        replaced?.Dispose();
    }

    private ulong NextTransferId() => 1 + (ulong)_transferIds.NextInt64(long.MaxValue);

    private static ConsensusMessage About(ConsensusMessage asked, FrozenState state) => new()
    {
        Kind = asked.Kind,
        From = asked.From,
        To = asked.To,
        Term = asked.Term,
        Snapshot = state.Position,
        SnapshotMembership = state.Membership,
    };

    private SnapshotTransfer? TakeTransfer()
    {
        lock (_gate)
        {
            SnapshotTransfer? transfer = _transfer;
            _transfer = null;
            return transfer;
        }
    }
}
