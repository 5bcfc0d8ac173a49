// What an acknowledgement promises is there at the moment when it is given: on the leader's own disk; committed; or committed and on the disk of every member of the leader's
// configuration, which must be committed as well, or nobody can say who they are. A node's disk is known from what it says to be durable, before it tells anybody else. A machine that burns
// down later keeps no promise, and breaks none: what it held counts.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Checkers;

internal sealed class AcknowledgementChecker(World world, CommitChecker commits, DurableLogs logs, FollowedMemberships memberships)
{
    /// <summary>A node is about to tell a client that its write is done.</summary>
    public void Acknowledged(NodeId node, LogPosition position, WriteAcknowledgement acknowledgement)
    {
        world.Count($"acknowledged.{acknowledgement}");
        if (acknowledgement == WriteAcknowledgement.Asynchronous)
        {
            if (!logs.Holds(node, position))
            {
                Fail("acknowledgement.not-on-the-leaders-disk", node, position, "acknowledges it asynchronously, and its own disk does not hold it");
            }

            return;
        }

        if (!commits.IsCommitted(position))
        {
            Fail("acknowledgement.not-committed", node, position, $"acknowledges it by {acknowledgement}, and it is not committed");
        }
        else if (acknowledgement == WriteAcknowledgement.All)
        {
            CheckAll(node, position);
        }
    }

    private void CheckAll(NodeId node, LogPosition position)
    {
        (Membership membership, ulong index) = memberships.Of(node)!;
        if (index > commits.Newest)
        {
            Fail("acknowledgement.of-an-unsettled-membership", node, position, $"acknowledges it by all, and the membership of entry {index} that it follows is not committed");
        }

        foreach (Member member in membership.Voters.Concat(membership.Learners))
        {
            if (!logs.Holds(member.Id, position))
            {
                Fail("acknowledgement.not-on-every-disk", node, position, $"acknowledges it by all, and the disk of node {member.Id.Value} does not hold it");
                return;
            }
        }
    }

    private void Fail(string check, NodeId node, LogPosition position, string what) =>
        world.Fail(ViolationClass.Safety, check, $"entry {position.Index} of term {position.Term}: node {node.Value} {what}");
}
