using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Wire;

/// <summary>Answer to <see cref="BackupAction.Entries"/>.</summary>
/// <param name="Outcome">What there is.</param>
/// <param name="Applied">What the member applied last.</param>
/// <param name="Digest">Digest of its state there.</param>
/// <param name="Entries">Committed and applied there, without a gap, the first behind the position that was asked about.</param>
internal sealed record EntriesAnswer(EntriesOutcome Outcome, LogPosition Applied, UInt128 Digest, IReadOnlyList<LogEntry> Entries)
{
    private const int HeadBytes = 1 + (4 * sizeof(ulong));

    /// <param name="body">What was answered.</param>
    /// <param name="previous">What was asked about.</param>
    /// <exception cref="ProtocolException">Not such an answer.</exception>
    public static EntriesAnswer Decode(ReadOnlyMemory<byte> body, LogPosition previous)
    {
        var reader = new WireReader(body.Span, "entries of a backup");
        var outcome = (EntriesOutcome)reader.ReadByte();
        LogPosition applied = reader.ReadPosition();
        UInt128 digest = reader.ReadUInt128();
        LogEntry[] entries = EntryRun.Read(ref reader, body, previous.Index + 1);
        if (!Enum.IsDefined(outcome) || (outcome == EntriesOutcome.Found) != (entries.Length > 0))
        {
            throw new ProtocolException($"entries of a backup: {entries.Length} with outcome {(byte)outcome}");
        }

        ulong term = previous.Term;
        foreach (LogEntry entry in entries)
        {
            if (entry.Term < term || entry.Index > applied.Index)
            {
                throw new ProtocolException($"entries of a backup: entry {entry.Index} of term {entry.Term} behind term {term}, of a member that applied {applied}");
            }

            term = entry.Term;
        }

        return new EntriesAnswer(outcome, applied, digest, entries);
    }

    public byte[] Encode()
    {
        int length = EntryRun.LengthOf(Entries);
        var writer = new FrameWriter();
        writer.WriteByte((byte)Outcome);
        writer.WriteUInt64(Applied.Index);
        writer.WriteUInt64(Applied.Term);
        writer.WriteUInt128(Digest);
        EntryRun.Write(writer.GetSpan(length), Entries);
        writer.Advance(length);
        byte[] body = writer.Written.ToArray();
        Runtime.Invariant.Check(body.Length == HeadBytes + length, "entries of a backup are as long as was said before");
        return body;
    }
}
