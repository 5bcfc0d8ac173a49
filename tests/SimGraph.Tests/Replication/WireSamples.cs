using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Replication;

/// <summary>One payload of each kind, with every field set to something that tells it from its neighbours.</summary>
internal static class WireSamples
{
    public static ConsensusMessage Message(MessageKind kind, params LogEntry[] entries) => new()
    {
        Kind = kind,
        From = new NodeId(3),
        To = new NodeId(7),
        Term = 11,
        Previous = new LogPosition(100, 9),
        Commit = 99,
        Rejected = true,
        HintIndex = 55,
        HintTerm = 8,
        ReadContext = 0xFEDCBA9876543210,
        Snapshot = new LogPosition(90, 7),
        Stamp = 0x0123456789ABCDEF,
        Transfer = true,
        SnapshotMembership = kind == MessageKind.InstallSnapshot ? Members : null,
        Entries = entries,
    };

    public static Membership Members { get; } = new([new Member(new NodeId(2), "b:2", 7), new Member(new NodeId(1), "a:1")], [new Member(new NodeId(9), "ü:9")]);

    public static LogEntry[] Entries(int count)
    {
        var entries = new LogEntry[count];
        for (int i = 0; i < count; i++)
        {
            LogEntryKind kind = i % 5 == 0 ? LogEntryKind.NoOperation : i % 7 == 3 ? LogEntryKind.Membership : LogEntryKind.Command;
            byte[] payload = kind == LogEntryKind.Membership ? Members.Encode() : new byte[i * 7 % 50];
            if (kind != LogEntryKind.Membership)
            {
                Array.Fill(payload, (byte)(i + 1));
            }

            entries[i] = new LogEntry(101 + (ulong)i, 10, kind, payload);
        }

        return entries;
    }

    /// <summary>Name, encoded payload, decoder.</summary>
    public static IEnumerable<(string Name, byte[] Payload, Action<byte[]> Decode)> All()
    {
        yield return ("old hello", Encode(new HandshakeRequest(1, HandshakeRole.Peer, 2, 3, "clüster")), bytes => HandshakeRequest.Decode(bytes));
        yield return ("hello", Encode(new HandshakeRequest(3, HandshakeRole.Peer, 2, 3, "clüster", "b:2")), bytes => HandshakeRequest.Decode(bytes));
        yield return ("reply", Encode(new HandshakeReply(1, 4, HandshakeVerdict.Refused, "another cluster")), bytes => HandshakeReply.Decode(bytes));
        yield return ("vote", Encode(new ConsensusPayload(Message(MessageKind.VoteRequest))), bytes => ConsensusPayload.Decode(bytes));
        yield return ("append", Encode(new ConsensusPayload(Message(MessageKind.AppendRequest, Entries(12)))), bytes => ConsensusPayload.Decode(bytes));
        yield return ("snapshot header", Encode(new SnapshotHeader(new LogPosition(5, 2), 3)), bytes => SnapshotHeader.Decode(bytes));
        yield return ("snapshot end", Encode(new SnapshotEnd(77, 88)), bytes => SnapshotEnd.Decode(bytes));
        yield return ("snapshot", Encode(new ConsensusPayload(Message(MessageKind.InstallSnapshot))), bytes => ConsensusPayload.Decode(bytes));
        yield return ("snapshot resume", Encode(new SnapshotResume(3, 77, 88)), bytes => SnapshotResume.Decode(bytes));
        yield return ("administration", new AdministrationRequest(AdministrationKind.AddLearner, 4, 2, "c:3").Encode(), bytes => AdministrationRequest.Decode(bytes));
        yield return ("membership", new AdministrationAnswer(12, Members).Encode(), bytes => AdministrationAnswer.Decode(bytes));
        yield return ("backup request", new BackupRequest(BackupAction.Entries, Previous: new LogPosition(5, 2)).Encode(), bytes => BackupRequest.Decode(bytes));
        yield return ("backup chunk request", new BackupRequest(BackupAction.Chunk, 9).Encode(), bytes => BackupRequest.Decode(bytes));
        yield return ("frozen state", new FrozenAnswer(new LogPosition(5, 2), 77).Encode(), bytes => FrozenAnswer.Decode(bytes));
        yield return ("entries of a backup", new EntriesAnswer(EntriesOutcome.Found, new LogPosition(115, 10), 77, Entries(12)).Encode(), bytes => EntriesAnswer.Decode(bytes, new LogPosition(100, 9)));
        yield return ("request", Encode(new ClientRequest(42, RequestKind.Query, new byte[] { 1, 2, 3 })), bytes => ClientRequest.Decode(bytes));
        yield return ("response", Encode(new ClientResponse(42, ResponseStatus.Busy, new byte[] { 4, 5 })), bytes => ClientResponse.Decode(bytes));
    }

    public static byte[] Encode<TPayload>(TPayload payload)
        where TPayload : struct, IFramePayload
    {
        var writer = new FrameWriter();
        writer.Write(payload);
        return writer.Written[FrameFormat.HeaderLength..^FrameFormat.TrailerLength].ToArray();
    }
}
