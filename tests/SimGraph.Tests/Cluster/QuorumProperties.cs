using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SimGraph.Cluster.Consensus;
using Xunit;

namespace SimGraph.Tests.Cluster;

/// <summary>Majority arithmetic against its definition.</summary>
public sealed class QuorumProperties
{
    [Property]
    public bool Any_two_quorums_share_a_member_and_no_smaller_size_does(PositiveInt drawn)
    {
        int voters = 1 + (drawn.Get % Membership.VotersMax);
        int quorum = Quorum.Size(voters);
        return quorum <= voters && 2 * quorum > voters && 2 * (quorum - 1) <= voters;
    }

    [Property(MaxTest = 500)]
    public bool The_reached_index_is_the_highest_that_a_quorum_has_reached(NonEmptyArray<byte> drawn)
    {
        ulong[] matches = [.. drawn.Get.Take(9).Select(b => (ulong)b % 12)];
        ulong expected = 0;
        for (ulong index = 1; index <= 12; index++)
        {
            if (matches.Count(m => m >= index) >= Quorum.Size(matches.Length))
            {
                expected = index;
            }
        }

        return Quorum.ReachedIndex([.. matches]) == expected;
    }

    [Property(MaxTest = 500)]
    public bool A_ballot_is_decided_exactly_when_the_missing_votes_cannot_change_it(PositiveInt drawn, NonNegativeInt grantedDrawn, NonNegativeInt rejectedDrawn)
    {
        int voters = 1 + (drawn.Get % 9);
        int granted = grantedDrawn.Get % (voters + 1);
        int rejected = rejectedDrawn.Get % (voters - granted + 1);
        int missing = voters - granted - rejected;
        bool canWin = granted + missing >= Quorum.Size(voters);
        bool canLose = granted < Quorum.Size(voters);
        VoteOutcome expected = !canLose ? VoteOutcome.Won : !canWin ? VoteOutcome.Lost : VoteOutcome.Pending;
        return Quorum.Outcome(voters, granted, rejected) == expected;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    [InlineData(7, 4)]
    public void Quorum_follows_from_membership(int voters, int quorum) => Assert.Equal(quorum, Quorum.Size(voters));
}
