namespace SimGraph.Cluster.Consensus;

/// <summary>One change of the membership.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Member">To whom; of one who is a member already only the id counts.</param>
public readonly record struct MembershipChange(MembershipChangeKind Kind, Member Member)
{
    /// <summary>A new node gets the log.</summary>
    public static MembershipChange Add(Member member) => new(MembershipChangeKind.AddLearner, member);

    /// <summary>A learner gets a vote.</summary>
    public static MembershipChange Promote(NodeId id) => new(MembershipChangeKind.Promote, new Member(id, string.Empty));

    /// <summary>A voter or learner goes.</summary>
    public static MembershipChange Remove(NodeId id) => new(MembershipChangeKind.Remove, new Member(id, string.Empty));
}
