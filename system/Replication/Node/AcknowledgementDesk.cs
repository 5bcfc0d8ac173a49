// When a client is told of its write: at once when the leader's own disk has it, when it is applied, or when every member has it. What is told differs, what is done does not: every command goes
// the same way through log and state machine (docs/decisions/0006).
//
// An asynchronous write is answered before its session has been looked up by the state machine. If this leader's state does not know the session, or knows the request, the
// write is answered when it is applied after all: a client whose session was evicted must hear of it, or all its later writes would be accepted and come to nothing.
//
// Concurrency model: owned by the event loop. Both queues are ordered by position: one leader proposes in order.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>Writes that wait for another event than their application. Not thread-safe.</summary>
internal sealed class AcknowledgementDesk(ReplicaParts parts)
{
    // A member that is away must not make applied writes pile up for as long as AcknowledgeAllLimit.
    private const int AwaitingAllMax = 4096;

    private readonly Queue<PendingWrite> _unpersisted = new();
    private readonly Queue<AppliedWrite> _awaitingAll = new();

    private ConsensusCore Core => parts.Core;

    private IProbes Probes => parts.Probes;

    /// <summary>Writes that wait here.</summary>
    public int Waiting => _unpersisted.Count + _awaitingAll.Count;

    /// <summary>True when no more writes are taken that are to be acknowledged by all.</summary>
    public bool IsFull => _awaitingAll.Count >= AwaitingAllMax;

    /// <summary>Takes a write that is to be answered as soon as it is durable here. False: it is to be answered when it is applied.</summary>
    public bool TryAwaitPersisted(in PendingWrite write, ReadOnlyMemory<byte> command)
    {
        if (!IsExpected(command))
        {
            Probes.Reachable("repl.asynchronous-write-of-unknown-session");
            return false;
        }

        _unpersisted.Enqueue(write);
        return true;
    }

    /// <summary>These entries, and so everything before them, are durable here.</summary>
    public void OnPersisted(IReadOnlyList<LogEntry> entries)
    {
        ulong index = entries.Count == 0 ? 0 : entries[^1].Index;
        while (_unpersisted.TryPeek(out PendingWrite write) && write.Position.Index <= index && Leads(write.Position))
        {
            _unpersisted.Dequeue();
            Probes.Reachable("repl.accepted-before-replicated");
            parts.Observer?.Acknowledged(write.Position, WriteAcknowledgement.Asynchronous);
            write.Client.Reply(write.RequestId, ResponseStatus.Accepted, AcceptedPosition.Encode(write.Position));
        }
    }

    /// <summary>A write was applied, and is answered with that.</summary>
    public void ReplyApplied(in PendingWrite write, ReadOnlyMemory<byte> result)
    {
        parts.Observer?.Acknowledged(write.Position, WriteAcknowledgement.Quorum);
        write.Client.Reply(write.RequestId, ResponseStatus.Done, result);
    }

    /// <summary>A write was applied, and is to be answered when every member has it.</summary>
    public void AwaitAll(in PendingWrite write, ReadOnlyMemory<byte> result) => _awaitingAll.Enqueue(new AppliedWrite(
        write.Position, write.Client, write.RequestId, result.ToArray(), parts.Clock.Elapsed() + parts.Options.AcknowledgeAllLimit));

    /// <summary>Answers what every member has, what had to wait for too long, and what was proposed in a term that this node leads no more.</summary>
    public void Release(byte[] hint)
    {
        while (_unpersisted.TryPeek(out PendingWrite write) && !Leads(write.Position))
        {
            _unpersisted.Dequeue();
            write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, hint);
        }

        if (_awaitingAll.Count == 0)
        {
            return;
        }

        ulong held = Core.HeldByAll;
        TimeSpan now = parts.Clock.Elapsed();
        while (_awaitingAll.TryPeek(out AppliedWrite write))
        {
            if (Leads(write.Position) && write.Position.Index <= held)
            {
                Probes.Reachable("repl.acknowledged-by-all");
                parts.Observer?.Acknowledged(write.Position, WriteAcknowledgement.All);
                write.Client.Reply(write.RequestId, ResponseStatus.Done, write.Result);
            }
            else if (!Leads(write.Position) || write.Deadline <= now)
            {
                Probes.Reachable("repl.not-acknowledged-by-all");
                write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, hint);
            }
            else
            {
                return;
            }

            _awaitingAll.Dequeue();
        }
    }

    /// <summary>The node stops: answers everything that waits.</summary>
    public void Close(byte[] hint)
    {
        while (_unpersisted.TryDequeue(out PendingWrite write))
        {
            write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, hint);
        }

        while (_awaitingAll.TryDequeue(out AppliedWrite write))
        {
            write.Client.Reply(write.RequestId, ResponseStatus.OutcomeUnknown, hint);
        }
    }

    // The term alone: a node leads a term once, and another leader may replace in a later one what it wrote.
    private bool Leads(LogPosition position) => Core.Role == ConsensusRole.Leader && Core.Term == position.Term;

    private bool IsExpected(ReadOnlyMemory<byte> body)
    {
        try
        {
            var command = ClientCommand.Decode(body);
            return command.Kind == ClientCommandKind.Write && parts.Machine.Expects(command.Session, command.Request);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
