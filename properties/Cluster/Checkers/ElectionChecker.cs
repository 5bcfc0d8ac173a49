using SimGraph.Cluster.Consensus;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Checkers;

/// <summary>At most one leader in a term (Raft, section 5.2); a node's term never goes back, and what it stood for in a term survives its restart.</summary>
internal sealed class ElectionChecker(World world, FollowedMemberships memberships)
{
    private readonly SortedDictionary<ulong, NodeId> _leaders = [];
    private readonly SortedDictionary<NodeId, ulong> _terms = [];
    private readonly SortedDictionary<NodeId, ulong> _stoodIn = [];

    /// <summary>The leader of the newest term that has one.</summary>
    public NodeId? NewestLeader => _leaders.Count == 0 ? null : _leaders[NewestTerm];

    /// <summary>The newest term that has a leader; 0 for none.</summary>
    public ulong NewestTerm { get; private set; }

    public void Restarted(NodeId node, HardState hard)
    {
        if (_stoodIn.TryGetValue(node, out ulong stood) && (hard.Term < stood || (hard.Term == stood && hard.Vote != node)))
        {
            world.Fail(
                ViolationClass.Safety,
                "election.vote-forgotten",
                $"node {node.Value} led term {stood}, but restarted with term {hard.Term} and a vote for {hard.Vote?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nobody"}");
        }

        _terms[node] = hard.Term;
    }

    public void RoleChanged(NodeId node, ConsensusRole role, ulong term, NodeId? leader)
    {
        if (_terms.TryGetValue(node, out ulong before) && term < before)
        {
            world.Fail(ViolationClass.Safety, "election.term-went-back", $"node {node.Value} went from term {before} to term {term}");
        }

        _terms[node] = term;
        if (role == ConsensusRole.Leader)
        {
            CheckEligible(node, term);
            _stoodIn[node] = Math.Max(term, _stoodIn.GetValueOrDefault(node));
            Elected(term, node);
        }

        if (leader is { } known && _leaders.TryGetValue(term, out NodeId first) && first != known)
        {
            world.Fail(
                ViolationClass.Safety,
                "election.two-leaders",
                $"node {node.Value} follows {known.Value} in term {term}, whose leader is {first.Value}");
        }
    }

    /// <summary>Who never had a vote is never elected: learners, and nodes that wait to be added.</summary>
    private void CheckEligible(NodeId node, ulong term)
    {
        if (!_leaders.ContainsKey(term) && memberships.Of(node)?.Membership is { } membership && membership.Learners.Any(learner => learner.Id == node))
        {
            world.Fail(ViolationClass.Safety, "election.learner-leads", $"node {node.Value} leads term {term} as a learner of '{membership}'");
        }
    }

    private void Elected(ulong term, NodeId node)
    {
        if (_leaders.TryGetValue(term, out NodeId first))
        {
            if (first != node)
            {
                world.Fail(ViolationClass.Safety, "election.two-leaders", $"term {term} has two leaders: {first.Value} and {node.Value}");
            }

            return;
        }

        _leaders.Add(term, node);
        NewestTerm = Math.Max(NewestTerm, term);
        world.Count("cluster.elections");
    }
}
