// Changes of the membership and of the leader on behalf of clients. A change is answered when its entry is applied, with the membership that it made; a transfer when the
// target is seen to lead. What is so already counts as done, so that a client may ask again.
//
// What is answered from the membership in force, a refusal too, is a read: it is said once it is committed and a quorum has confirmed that nobody has replaced this leader.
// An operator takes a machine away on the strength of it.

using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

internal sealed partial class ClientDesk
{
    private const string UnderWayText = "the change before, or a transfer, is still under way";

    private PendingTransfer? _transfer;

    /// <summary>Begins what the request asks for, or answers why not.</summary>
    public void Administer(in ReplicaEvent asked)
    {
        Invariant.Check(asked.Client is not null, "a client request comes with its client");
        AdministrationRequest request;
        try
        {
            request = AdministrationRequest.Decode(asked.Body.Span);
        }
        catch (ProtocolException exception)
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.Invalid, Encoding.UTF8.GetBytes(exception.Message));
            return;
        }

        if (core.Role != ConsensusRole.Leader)
        {
            asked.Client.Reply(asked.RequestId, ResponseStatus.NotLeader, Hint());
            return;
        }

        var node = new NodeId(request.Node);
        switch (request.Kind)
        {
            case AdministrationKind.Describe:
                AnswerConfirmed(asked, ResponseStatus.Done, Describe());
                break;
            case AdministrationKind.AddLearner when !IsAddress(request.Address):
                Reply(asked, ResponseStatus.Invalid, $"'{request.Address}' is not an address of the form host:port");
                break;
            case AdministrationKind.AddLearner:
                Change(asked, MembershipChange.Add(new Member(node, request.Address, request.Priority)));
                break;
            case AdministrationKind.Promote:
                Change(asked, MembershipChange.Promote(node));
                break;
            case AdministrationKind.Remove:
                Change(asked, MembershipChange.Remove(node));
                break;
            default:
                Transfer(asked, node);
                break;
        }
    }

    /// <summary>Answers who waits for a transfer that has ended.</summary>
    public void ReleaseTransfer()
    {
        if (_transfer is not { } transfer || core.TransferTarget is not null)
        {
            return;
        }

        if (core.Role == ConsensusRole.Leader)
        {
            _transfer = null;
            transfer.Client.Reply(transfer.RequestId, ResponseStatus.Busy, "the transfer ended, and the leader stayed"u8.ToArray());
        }
        else if (core.Leader is { } leader)
        {
            _transfer = null;
            if (leader == transfer.Target)
            {
                transfer.Client.Reply(transfer.RequestId, ResponseStatus.Done, Describe());
            }
            else
            {
                transfer.Client.Reply(transfer.RequestId, ResponseStatus.OutcomeUnknown, Hint());
            }
        }
    }

    private static bool IsAddress(string text)
    {
        try
        {
            return NetworkAddress.Parse(text).Port > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Change(in ReplicaEvent asked, in MembershipChange change)
    {
        MembershipDecision decision = core.TryChangeMembership(change, out LogPosition position);
        switch (decision)
        {
            case MembershipDecision.Begun:
                _writes.Enqueue(new PendingWrite(position, asked.Client!, asked.RequestId));
                break;
            case MembershipDecision.NoChange:
                AnswerConfirmed(asked, ResponseStatus.Done, Describe());
                break;
            case MembershipDecision.NotLeader:
            case MembershipDecision.NotYet:
                Reply(asked, ResponseStatus.Busy, UnderWayText);
                break;
            case MembershipDecision.NotCaughtUp:
                Reply(asked, ResponseStatus.Busy, $"node {change.Member.Id} has not caught up yet");
                break;
            case MembershipDecision.Unknown:
                AnswerConfirmed(asked, ResponseStatus.Refused, $"node {change.Member.Id} is no learner: add it first");
                break;
            case MembershipDecision.LastVoter:
                AnswerConfirmed(asked, ResponseStatus.Refused, $"node {change.Member.Id} is the only voter: promote another one first");
                break;
            default:
                AnswerConfirmed(asked, ResponseStatus.Refused, "there is no room for another member");
                break;
        }
    }

    private void Transfer(in ReplicaEvent asked, NodeId target)
    {
        TransferDecision decision = _transfer is null ? core.TryTransferLeadership(target) : TransferDecision.NotYet;
        switch (decision)
        {
            case TransferDecision.Begun:
                _transfer = new PendingTransfer(target, asked.Client!, asked.RequestId);
                break;
            case TransferDecision.NoChange:
                AnswerConfirmed(asked, ResponseStatus.Done, Describe());
                break;
            case TransferDecision.NotCaughtUp:
                Reply(asked, ResponseStatus.Busy, $"node {target} has not caught up yet");
                break;
            case TransferDecision.Unknown:
                AnswerConfirmed(asked, ResponseStatus.Refused, $"node {target} is no voter");
                break;
            default:
                Reply(asked, ResponseStatus.Busy, "another transfer is under way");
                break;
        }
    }

    private void AbandonTransfer()
    {
        _transfer?.Client.Reply(_transfer.RequestId, ResponseStatus.OutcomeUnknown, Hint());
        _transfer = null;
    }

    private void AnswerConfirmed(in ReplicaEvent asked, ResponseStatus status, string text) => AnswerConfirmed(asked, status, Encoding.UTF8.GetBytes(text));

    // Whether a change that is under way comes about is not known, and neither then is the answer.
    private void AnswerConfirmed(in ReplicaEvent asked, ResponseStatus status, byte[] body)
    {
        if (core.MembershipIndex > core.CommitIndex)
        {
            Reply(asked, ResponseStatus.Busy, UnderWayText);
        }
        else
        {
            Collect(asked, ref _collecting, new PreparedAnswer(status, body));
        }
    }

    private byte[] Describe() => new AdministrationAnswer(core.MembershipIndex, core.Membership).Encode();

    private static byte[] DescribeApplied(LogEntry entry) => new AdministrationAnswer(entry.Index, Membership.Decode(entry.Payload.Span)).Encode();

    private static void Reply(in ReplicaEvent asked, ResponseStatus status, string text) => Reply(asked, status, Encoding.UTF8.GetBytes(text));

    private static void Reply(in ReplicaEvent asked, ResponseStatus status, byte[] body) => asked.Client!.Reply(asked.RequestId, status, body);
}
