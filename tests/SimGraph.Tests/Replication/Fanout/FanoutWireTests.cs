using FsCheck.Xunit;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication.Fanout;

public sealed class FanoutWireTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    public static TheoryData<byte[]> Samples => new(
        new EntryMessage(3, new LogEntry(7, 2, LogEntryKind.Command, Bytes)).Encode(),
        new BeatMessage(3, new LogPosition(7, 2)).Encode(),
        new ReportMessage(1, new LogPosition(7, 2), 5).Encode(),
        new StandingMessage(1, 9, ReplicaHealth.Degraded).Encode(),
        new CatchUpRequest(4, 8).Encode(),
        new EntriesMessage(4, [new LogEntry(8, 2, LogEntryKind.Command, Bytes), new LogEntry(9, 2, LogEntryKind.NoOperation, default)]).Encode(),
        new StateChunkMessage(4, new LogPosition(7, 2), 0, IsLast: true, 3, 99, Bytes).Encode(),
        new NextChunkRequest(4, 6).Encode(),
        new RefusalMessage(4, RefusalReason.Busy).Encode(),
        new ForwardRequest("w/x", 12, Bytes).Encode(),
        new ForwardReply(12, ForwardStatus.Done, Bytes).Encode());

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_is_encoded_is_decoded_and_encoded_to_the_same_bytes(byte[] payload) => Assert.Equal(payload, Recode(payload));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_payload_that_is_cut_anywhere_is_refused_or_is_another_payload(byte[] payload)
    {
        for (int length = 0; length < payload.Length; length++)
        {
            byte[] cut = payload[..length];
            byte[]? recoded = null;
            try
            {
                recoded = Recode(cut);
            }
            catch (ProtocolException)
            {
                continue;
            }

            // What ends with free bytes is whole wherever they end.
            Assert.Equal(cut, recoded);
        }
    }

    [Property(MaxTest = 2000)]
    public void Whatever_arrives_is_decoded_to_itself_or_refused(byte kind, byte[] body)
    {
        byte[] payload = [FanoutWriter.Version, (byte)(kind % 13), .. body];
        try
        {
            Assert.Equal(payload, Recode(payload));
        }
        catch (ProtocolException)
        {
            // The only way to fail.
        }
    }

    [Fact]
    public void Another_version_is_refused() => Assert.Throws<ProtocolException>(() => FanoutReader.KindOf([2, 1]));

    [Fact]
    public void An_entry_of_an_unknown_kind_is_refused()
    {
        byte[] entry = new EntryMessage(3, new LogEntry(7, 2, LogEntryKind.Command, Bytes)).Encode();
        entry[^(Bytes.Length + 1)] = 200;
        Assert.Throws<ProtocolException>(() => EntryMessage.Decode(entry));

        byte[] entries = new EntriesMessage(4, [new LogEntry(8, 2, (LogEntryKind)200, Bytes)]).Encode();
        Assert.Throws<ProtocolException>(() => EntriesMessage.Decode(entries));
    }

    private static byte[] Recode(byte[] payload) => FanoutReader.KindOf(payload) switch
    {
        FanoutKind.Entry => EntryMessage.Decode(payload).Encode(),
        FanoutKind.Beat => BeatMessage.Decode(payload).Encode(),
        FanoutKind.Report => ReportMessage.Decode(payload).Encode(),
        FanoutKind.Standing => StandingMessage.Decode(payload).Encode(),
        FanoutKind.CatchUp => CatchUpRequest.Decode(payload).Encode(),
        FanoutKind.Entries => EntriesMessage.Decode(payload).Encode(),
        FanoutKind.StateChunk => StateChunkMessage.Decode(payload).Encode(),
        FanoutKind.NextChunk => NextChunkRequest.Decode(payload).Encode(),
        FanoutKind.Refusal => RefusalMessage.Decode(payload).Encode(),
        FanoutKind.Forward => ForwardRequest.Decode(payload).Encode(),
        FanoutKind.ForwardReply => ForwardReply.Decode(payload).Encode(),
        _ => throw new ProtocolException("no such kind"),
    };
}
