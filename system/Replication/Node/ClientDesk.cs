// Client requests between their arrival and their answer. A command is answered when the entry at its position is applied; a query when its
// read-index is confirmed and applied. What was proposed is answered with a result or with "outcome unknown", never with a failure that could turn
// out to be a success; the client asks again with the same request number, and the session table decides.
//
// Concurrency model: owned by the event loop.

using System.Diagnostics.CodeAnalysis;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>Pending commands and queries of clients. Not thread-safe.</summary>
internal sealed partial class ClientDesk(
    ConsensusCore core, ReplicatedStateMachine machine, PeerDirectory peers, AcknowledgementDesk acknowledgements)
{
    private static readonly byte[] OverloadedText = "the leader has too much to do: ask again later"u8.ToArray();
    private static readonly byte[] StoppingText = "the node stops"u8.ToArray();

    private readonly Queue<PendingWrite> _writes = new();
    private readonly SortedDictionary<ulong, ReadBatch> _unconfirmed = [];
    private readonly List<ReadBatch> _confirmed = [];
    private ReadBatch? _collecting;
    private ReadBatch? _collectingLease;
    private ulong _contexts;
    private int _waitingReads;

    /// <summary>Requests that wait for their outcome.</summary>
    public int WaitingRequests => _writes.Count + acknowledgements.Waiting + _waitingReads + (_transfer is null ? 0 : 1);

    /// <summary>True while <see cref="AnswerReadsAsync"/> may have something to answer.</summary>
    public bool HasConfirmedReads => _confirmed.Count > 0;

    /// <summary>True while <see cref="SubmitReads"/> is to look at the lease.</summary>
    public bool WantsLease => _collectingLease is not null;

    /// <summary>Puts a command into the log, or answers that this cannot be done.</summary>
    public void Propose(in ReplicaEvent asked)
    {
        Invariant.Check(asked.Client is not null, "a client request comes with its client");
        bool byAll = asked.Acknowledgement == WriteAcknowledgement.All;
        if (byAll && acknowledgements.IsFull)
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.Busy, OverloadedText);
        }
        else if (core.TryPropose(LogEntryKind.Command, asked.Body, out LogPosition position))
        {
            var write = new PendingWrite(position, asked.Client, asked.RequestId, byAll);
            if (asked.Acknowledgement != WriteAcknowledgement.Asynchronous || !acknowledgements.TryAwaitPersisted(write, asked.Body))
            {
                _writes.Enqueue(write);
            }
        }
        else if (core.Role == ConsensusRole.Leader)
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.Busy, OverloadedText);
        }
        else
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.NotLeader, Hint());
        }
    }

    /// <summary>Takes a query; <see cref="SubmitReads"/> asks for the confirmation of all that were taken.</summary>
    public void CollectRead(in ReplicaEvent asked) => Collect(asked, ref _collecting, prepared: null);

    /// <summary>Takes a query that the lease may answer.</summary>
    public void CollectLeaseRead(in ReplicaEvent asked) => Collect(asked, ref _collectingLease, prepared: null);

    /// <summary>Asks the core to confirm the queries taken since the last call.</summary>
    public void SubmitReads()
    {
        if (_collectingLease is { } leased)
        {
            _collectingLease = null;
            if (core.TryLeaseRead(out ulong index))
            {
                leased.Index = index;
                _confirmed.Add(leased);
            }
            else
            {
                Submit(leased);
            }
        }

        if (_collecting is { } batch)
        {
            _collecting = null;
            Submit(batch);
        }
    }

    /// <summary>An entry was applied: answers the command that stood there.</summary>
    public void OnApplied(LogEntry entry, ReadOnlyMemory<byte> result)
    {
        while (_writes.TryPeek(out PendingWrite write) && write.Position.Index <= entry.Index)
        {
            _writes.Dequeue();
            if (write.Position.Index < entry.Index)
            {
                write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, Hint());
            }
            else if (write.Position.Term == entry.Term)
            {
                ReplyApplied(write, entry, result);
            }
            else
            {
                // Another entry is committed in its place, so this one never will be.
                write.Client.Reply(write.RequestId, ResponseStatus.NotLeader, Hint());
            }
        }
    }

    /// <summary>Takes what the core says about reads.</summary>
    public void OnReads(Ready ready)
    {
        IReadOnlyList<ReadConfirmation> confirmations = ready.Reads;
        for (int i = 0; i < confirmations.Count; i++)
        {
            if (TryTake(confirmations[i].Context, out ReadBatch? batch))
            {
                batch.Index = confirmations[i].Index;
                _confirmed.Add(batch);
            }
        }

        IReadOnlyList<ulong> failed = ready.FailedReads;
        for (int i = 0; i < failed.Count; i++)
        {
            if (TryTake(failed[i], out ReadBatch? batch))
            {
                Refuse(batch, ResponseStatus.NotLeader, Hint());
            }
        }
    }

    /// <summary>Answers confirmed queries whose index is applied.</summary>
    public async ValueTask AnswerReadsAsync(CancellationToken cancellationToken)
    {
        int kept = 0;
        for (int i = 0; i < _confirmed.Count; i++)
        {
            ReadBatch batch = _confirmed[i];
            if (batch.Index > machine.AppliedIndex)
            {
                _confirmed[kept++] = batch;
                continue;
            }

            foreach (PendingRead read in batch.Reads)
            {
                PreparedAnswer answer = read.Prepared ?? new PreparedAnswer(ResponseStatus.Done, await machine.AskAsync(read.Query, cancellationToken));
                read.Client.Reply(read.RequestId, answer.Status, answer.Body);
            }

            _waitingReads -= batch.Reads.Count;
        }

        _confirmed.RemoveRange(kept, _confirmed.Count - kept);
    }

    /// <summary>Commands that were proposed in a term that this node leads no more have an unknown outcome: their clients ask the next leader.</summary>
    public void ReleaseLostWrites()
    {
        while (_writes.TryPeek(out PendingWrite write) && (core.Role != ConsensusRole.Leader || write.Position.Term != core.Term))
        {
            _writes.Dequeue();
            write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, Hint());
        }

        if (acknowledgements.Waiting > 0)
        {
            acknowledgements.Release(Hint());
        }
    }

    /// <summary>The node stops: refuses a request that was not begun.</summary>
    public static void RefuseStopping(in ReplicaEvent asked) => asked.Client?.Reply(asked.RequestId, ResponseStatus.Stopping, StoppingText);

    /// <summary>The node stops: answers everything that waits.</summary>
    public void Close()
    {
        while (_writes.TryDequeue(out PendingWrite write))
        {
            write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, Hint());
        }

        acknowledgements.Close(Hint());
        AbandonTransfer();
        foreach (ReadBatch? collecting in (ReadBatch?[])[_collecting, _collectingLease])
        {
            if (collecting is not null)
            {
                Refuse(collecting, ResponseStatus.Stopping, StoppingText);
            }
        }

        foreach (ReadBatch batch in _unconfirmed.Values)
        {
            Refuse(batch, ResponseStatus.Stopping, StoppingText);
        }

        foreach (ReadBatch batch in _confirmed)
        {
            Refuse(batch, ResponseStatus.Stopping, StoppingText);
        }

        _collecting = null;
        _collectingLease = null;
        _unconfirmed.Clear();
        _confirmed.Clear();
    }

    private void ReplyApplied(in PendingWrite write, LogEntry entry, ReadOnlyMemory<byte> result)
    {
        if (write.ByAll)
        {
            acknowledgements.AwaitAll(write, result);
        }
        else if (entry.Kind == LogEntryKind.Membership)
        {
            write.Client.Reply(write.RequestId, ResponseStatus.Done, DescribeApplied(entry));
        }
        else
        {
            acknowledgements.ReplyApplied(write, result);
        }
    }

    private bool TryTake(ulong context, [NotNullWhen(true)] out ReadBatch? batch) => _unconfirmed.Remove(context, out batch);

    private void Refuse(ReadBatch batch, ResponseStatus status, byte[] body)
    {
        foreach (PendingRead read in batch.Reads)
        {
            read.Client.Reply(read.RequestId, status, body);
        }

        _waitingReads -= batch.Reads.Count;
    }

    private void Collect(in ReplicaEvent asked, ref ReadBatch? batch, PreparedAnswer? prepared)
    {
        Invariant.Check(asked.Client is not null, "a client request comes with its client");
        if (core.Role != ConsensusRole.Leader)
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.NotLeader, Hint());
            return;
        }

        batch ??= new ReadBatch(++_contexts);
        batch.Reads.Add(new PendingRead(asked.Client, asked.RequestId, asked.Body, prepared));
        _waitingReads++;
    }

    private void Submit(ReadBatch batch)
    {
        if (core.TryRequestRead(batch.Context))
        {
            _unconfirmed.Add(batch.Context, batch);
        }
        else if (core.Role == ConsensusRole.Leader)
        {
            Refuse(batch, ResponseStatus.Busy, OverloadedText);
        }
        else
        {
            Refuse(batch, ResponseStatus.NotLeader, Hint());
        }
    }

    private byte[] Hint() => LeaderHint.Encode(core.Role != ConsensusRole.Leader && core.Leader is { } leader ? peers.AddressForClients(leader) : null);
}
