using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;
using SimGraph.Tests.Replication;
using Xunit;
using static SimGraph.Tests.Cluster.Discovery.MemberSamples;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class DiscoveryWireTests
{
    [Fact]
    public void Questions_and_answers_keep_every_field()
    {
        var request = new DiscoveryRequest(1, "clüster", 7, WantsList: true, Record(3, 4, 5, 6) with { Role = MemberRole.Candidate, Priority = -8 });
        Assert.Equal(request, DiscoveryRequest.Decode(WireSamples.Encode(request)));
        var asked = new DiscoveryRequest(1, "c", 0, WantsList: false, null);
        Assert.Equal(asked, DiscoveryRequest.Decode(WireSamples.Encode(asked)));
        DiscoveryAnswer answer = Answer();
        DiscoveryAnswer decoded = DiscoveryAnswer.Decode(WireSamples.Encode(answer));
        Assert.Equal(answer.Others, decoded.Others);
        Assert.Equal(answer, decoded with { Others = answer.Others });
    }

    [Fact]
    public void A_question_of_another_version_is_read_as_far_as_its_cluster()
    {
        byte[] payload = WireSamples.Encode(new DiscoveryRequest(9, "c", 7, WantsList: true, Record(3)));
        Assert.Equal(new DiscoveryRequest(9, "c", 0, WantsList: false, null), DiscoveryRequest.Decode([.. payload, 1, 2, 3]));
    }

    [Fact]
    public void Every_cut_and_every_excess_is_refused()
    {
        byte[] request = WireSamples.Encode(new DiscoveryRequest(1, "c", 7, WantsList: true, Record(3)));
        byte[] answer = WireSamples.Encode(Answer());
        for (int length = 0; length < request.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => DiscoveryRequest.Decode(request.AsSpan(0, length)));
        }

        for (int length = 0; length < answer.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => DiscoveryAnswer.Decode(answer.AsSpan(0, length)));
        }

        Assert.Throws<ProtocolException>(() => DiscoveryRequest.Decode([.. request, 0]));
        Assert.Throws<ProtocolException>(() => DiscoveryAnswer.Decode([.. answer, 0]));
    }

    [Fact]
    public void Any_damaged_byte_is_refused_or_gives_a_record_that_makes_sense()
    {
        byte[] request = WireSamples.Encode(new DiscoveryRequest(1, "c", 7, WantsList: true, Record(3)));
        for (int i = 0; i < request.Length; i++)
        {
            foreach (byte flip in new byte[] { 1, 0x80, 0xFF })
            {
                byte[] damaged = [.. request];
                damaged[i] ^= flip;
                try
                {
                    DiscoveryRequest.Decode(damaged).Announced?.Validate();
                }
                catch (ProtocolException)
                {
                    // Refused.
                }
            }
        }
    }

    [Fact]
    public void The_largest_messages_fit_their_limits()
    {
        var longest = new NetworkAddress(new string('h', MemberRecord.HostBytesMax), 65535);
        MemberRecord record = Record(3) with { Address = longest, DiscoveryAddress = longest };
        string cluster = new('c', HandshakeRequest.ClusterIdBytesMax);
        Assert.InRange(new DiscoveryRequest(1, cluster, 0, WantsList: true, record).Length, 1, DiscoveryRequest.BytesMax);
        var answer = new DiscoveryAnswer(
            1, DiscoveryVerdict.Fenced, 1, new string('r', DiscoveryAnswer.ReasonBytesMax), record, [.. Enumerable.Repeat(record, MemberTableOptions.MembersLimit)]);
        Assert.InRange(answer.Length, 1, DiscoveryAnswer.BytesMax);
        Assert.Equal(MemberTableOptions.MembersLimit, DiscoveryAnswer.Decode(WireSamples.Encode(answer)).Others.Count);
    }

    private static DiscoveryAnswer Answer() => new(1, DiscoveryVerdict.Fenced, 9, "späte", Record(2), [Record(3, 4), Record(5, 6, 7, 8)]);
}
