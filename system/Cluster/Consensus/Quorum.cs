// Majority arithmetic, in one place. Any two quorums of the same voters share a member: that is all the safety of Raft rests on
// (dissertation section 3.4).

namespace SimGraph.Cluster.Consensus;

/// <summary>Pure functions over majorities.</summary>
public static class Quorum
{
    /// <summary>Members that make a quorum of <paramref name="voters"/> members.</summary>
    public static int Size(int voters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(voters, 1);
        return (voters / 2) + 1;
    }

    /// <summary>The highest index that a quorum has reached. Sorts <paramref name="matches"/> (one value for each voter) in place.</summary>
    public static ulong ReachedIndex(Span<ulong> matches)
    {
        int quorum = Size(matches.Length);
        matches.Sort();
        return matches[matches.Length - quorum];
    }

    /// <summary>What so many votes for and against decide.</summary>
    public static VoteOutcome Outcome(int voters, int granted, int rejected)
    {
        int quorum = Size(voters);
        if (granted >= quorum)
        {
            return VoteOutcome.Won;
        }

        return voters - rejected < quorum ? VoteOutcome.Lost : VoteOutcome.Pending;
    }
}
