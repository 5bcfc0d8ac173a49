using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class CodecTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void A_consensus_message_keeps_every_field(int entryCount)
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            ConsensusMessage sent = WireSamples.Message(kind, WireSamples.Entries(entryCount));
            ConsensusMessage received = ConsensusPayload.Decode(WireSamples.Encode(new ConsensusPayload(sent)));
            Assert.Equal(sent.Kind, received.Kind);
            Assert.Equal(sent.From, received.From);
            Assert.Equal(sent.To, received.To);
            Assert.Equal(sent.Term, received.Term);
            Assert.Equal(sent.Previous, received.Previous);
            Assert.Equal(sent.Commit, received.Commit);
            Assert.Equal(sent.Rejected, received.Rejected);
            Assert.Equal(sent.HintIndex, received.HintIndex);
            Assert.Equal(sent.HintTerm, received.HintTerm);
            Assert.Equal(sent.ReadContext, received.ReadContext);
            Assert.Equal(sent.Snapshot, received.Snapshot);
            Assert.Equal(sent.Stamp, received.Stamp);
            Assert.Equal(sent.Transfer, received.Transfer);
            Assert.Equal(sent.SnapshotMembership, received.SnapshotMembership);
            Assert.Equal(sent.Entries.Count, received.Entries.Count);
            for (int i = 0; i < entryCount; i++)
            {
                AssertEqual(sent.Entries[i], received.Entries[i]);
            }
        }
    }

    [Fact]
    public void Handshakes_requests_and_responses_keep_every_field()
    {
        var hello = new HandshakeRequest(1, HandshakeRole.Client, 0, 5, "prod-ü");
        Assert.Equal(hello, HandshakeRequest.Decode(WireSamples.Encode(hello)));
        var addressed = new HandshakeRequest(3, HandshakeRole.Peer, 2, 5, "prod-ü", "host-ä:1");
        Assert.Equal(addressed, HandshakeRequest.Decode(WireSamples.Encode(addressed)));
        var reply = new HandshakeReply(2, 9, HandshakeVerdict.Refused, "another cluster");
        Assert.Equal(reply, HandshakeReply.Decode(WireSamples.Encode(reply)));
        var header = new SnapshotHeader(new LogPosition(1, 2), 9);
        Assert.Equal(header, SnapshotHeader.Decode(WireSamples.Encode(header)));
        var end = new SnapshotEnd(3, 4);
        Assert.Equal(end, SnapshotEnd.Decode(WireSamples.Encode(end)));
        var resume = new SnapshotResume(5, 6, 7);
        Assert.Equal(resume, SnapshotResume.Decode(WireSamples.Encode(resume)));
        var administration = new AdministrationRequest(AdministrationKind.AddLearner, 4, 200, "new-ö:1");
        Assert.Equal(administration, AdministrationRequest.Decode(administration.Encode()));
        var answer = new AdministrationAnswer(44, WireSamples.Members);
        Assert.Equal(answer, AdministrationAnswer.Decode(answer.Encode()));
        foreach (BackupRequest backup in (BackupRequest[])[new(BackupAction.Freeze), new(BackupAction.Chunk, 7), new(BackupAction.Entries, Previous: new LogPosition(8, 3)), new(BackupAction.Release)])
        {
            Assert.Equal(backup, BackupRequest.Decode(backup.Encode()));
        }

        var frozen = new FrozenAnswer(new LogPosition(9, 4), UInt128.MaxValue - 5);
        Assert.Equal(frozen, FrozenAnswer.Decode(frozen.Encode()));
        ChunkAnswer chunk = ChunkAnswer.Decode(new ChunkAnswer(3, IsLast: true, 4, 5, new byte[] { 6 }).Encode());
        Assert.Equal((3U, true, 4UL, 5UL), (chunk.Number, chunk.IsLast, chunk.StateLength, chunk.StateHash));
        Assert.Equal([6], chunk.Data.ToArray());
        var entries = EntriesAnswer.Decode(new EntriesAnswer(EntriesOutcome.Found, new LogPosition(140, 10), 11, WireSamples.Entries(3)).Encode(), new LogPosition(100, 9));
        Assert.Equal((EntriesOutcome.Found, new LogPosition(140, 10), (UInt128)11), (entries.Outcome, entries.Applied, entries.Digest));
        for (int i = 0; i < 3; i++)
        {
            AssertEqual(WireSamples.Entries(3)[i], entries.Entries[i]);
        }

        var request = ClientRequest.Decode(WireSamples.Encode(new ClientRequest(7, RequestKind.Command, new byte[] { 1, 2 })));
        Assert.Equal((7UL, RequestKind.Command), (request.Id, request.Request));
        Assert.Equal([1, 2], request.Body.ToArray());
        var response = ClientResponse.Decode(WireSamples.Encode(new ClientResponse(8, ResponseStatus.NotLeader, new byte[] { 3 })));
        Assert.Equal((8UL, ResponseStatus.NotLeader), (response.Id, response.Status));
        Assert.Equal([3], response.Body.ToArray());
        var leader = new NetworkAddress("db-1", 9101);
        Assert.Equal(leader, LeaderHint.Decode(LeaderHint.Encode(leader)));
        Assert.Null(LeaderHint.Decode(LeaderHint.Encode(null)));
    }

    [Fact]
    public void Damaged_payloads_raise_format_errors_and_nothing_else()
    {
        var random = new Random(20260102);
        foreach ((string name, byte[] payload, Action<byte[]> decode) in WireSamples.All())
        {
            decode(payload);
            for (int length = 0; length < payload.Length; length++)
            {
                TryDecode(decode, payload[..length]);
            }

            for (int round = 0; round < 3000; round++)
            {
                TryDecode(decode, Mutate(payload, random));
            }

            Assert.True(name is "request" or "response" || !TryDecode(decode, [.. payload, 0]), $"{name}: a byte too many was accepted");
        }
    }

    [Fact]
    public void Every_truncated_consensus_message_is_refused()
    {
        byte[] payload = WireSamples.Encode(new ConsensusPayload(WireSamples.Message(MessageKind.AppendRequest, WireSamples.Entries(3))));
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => ConsensusPayload.Decode(payload.AsSpan(0, length)));
        }
    }

    [Fact]
    public void A_message_that_claims_two_billion_entries_is_refused_without_room_for_them()
    {
        byte[] payload = WireSamples.Encode(new ConsensusPayload(WireSamples.Message(MessageKind.AppendRequest)));
        BitConverter.TryWriteBytes(payload.AsSpan(ConsensusPayload.FixedLength - sizeof(int)), int.MaxValue);
        Assert.Throws<ProtocolException>(() => ConsensusPayload.Decode(payload));
    }

    [Fact]
    public void An_entry_that_should_hold_a_membership_and_does_not_is_refused()
    {
        var entry = new LogEntry(101, 10, LogEntryKind.Membership, new byte[] { 1, 2, 3 });
        byte[] payload = WireSamples.Encode(new ConsensusPayload(WireSamples.Message(MessageKind.AppendRequest, entry)));
        Assert.Throws<ProtocolException>(() => ConsensusPayload.Decode(payload));
    }

    private static byte[] Mutate(byte[] payload, Random random)
    {
        byte[] mutated = (byte[])payload.Clone();
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
        }

        return mutated;
    }

    private static bool TryDecode(Action<byte[]> decode, byte[] payload)
    {
        try
        {
            decode(payload);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void AssertEqual(LogEntry expected, LogEntry actual)
    {
        Assert.Equal((expected.Index, expected.Term, expected.Kind), (actual.Index, actual.Term, actual.Kind));
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
    }
}
