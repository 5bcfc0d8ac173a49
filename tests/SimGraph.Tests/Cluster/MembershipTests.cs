using SimGraph.Cluster.Consensus;
using Xunit;

namespace SimGraph.Tests.Cluster;

public sealed class MembershipTests
{
    private static readonly Membership Sample = new(
        [new Member(new NodeId(3), "host-3:7000", 2), new Member(new NodeId(1), string.Empty)], [new Member(new NodeId(2), "höst:1", 255)]);

    [Fact]
    public void Its_encoding_is_canonical_and_recorded()
    {
        Membership other = new([.. Sample.Voters.Reverse()], Sample.Learners);
        Assert.Equal(Sample, other);
        Assert.Equal(Sample.Encode(), other.Encode());
        Assert.Equal(
            "0102000100" + "01000000000000" + "03000000020B00" + "686F73742D333A37303030" + "02000000FF0700" + "68C3B673743A31",
            Convert.ToHexString(Sample.Encode()));
    }

    [Fact]
    public void What_was_encoded_is_decoded()
    {
        Assert.Equal(Sample, Membership.Decode(Sample.Encode()));
        Assert.Equal(Membership.Empty, Membership.Decode(Membership.Empty.Encode()));
    }

    [Fact]
    public void Nothing_but_an_encoding_is_decoded()
    {
        byte[] whole = Sample.Encode();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => Membership.Decode(whole.AsSpan(0, length)));
        }

        Assert.Throws<FormatException>(() => Membership.Decode([.. whole, 0]));
        Assert.Throws<FormatException>(() => Membership.Decode([2, .. whole[1..]]));

        // Not ascending, twice, both kinds, no id, no text.
        Assert.Throws<FormatException>(() => Membership.Decode(Convert.FromHexString("0102000000" + "02000000000000" + "01000000000000")));
        Assert.Throws<FormatException>(() => Membership.Decode(Convert.FromHexString("0102000000" + "02000000000000" + "02000000000000")));
        Assert.Throws<FormatException>(() => Membership.Decode(Convert.FromHexString("0101000100" + "02000000000000" + "02000000000000")));
        Assert.Throws<FormatException>(() => Membership.Decode(Convert.FromHexString("0101000000" + "00000000000000")));
        Assert.Throws<FormatException>(() => Membership.Decode(Convert.FromHexString("0101000000" + "01000000000100" + "FF")));
    }

    [Fact]
    public void It_is_changed_one_member_at_a_time()
    {
        Assert.Equal("voters 1 3 learners 2 4", Sample.WithLearner(new Member(new NodeId(4), string.Empty)).ToString());
        Assert.Equal("voters 1 2 3", Sample.WithPromoted(new NodeId(2)).ToString());
        Assert.Equal((byte)255, Sample.WithPromoted(new NodeId(2)).Find(new NodeId(2))!.Priority);
        Assert.Equal("voters 1 learners 2", Sample.Without(new NodeId(3)).ToString());
        Assert.Throws<ArgumentException>(() => Sample.WithLearner(new Member(new NodeId(3), string.Empty)));
    }
}
