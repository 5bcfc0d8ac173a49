// ConsensusMessage on the wire, little-endian: the fixed fields in the order below, the membership of a snapshot with its length before it (0: none), then the number
// of entries, then each entry as term, kind, length and payload. An entry's index is not sent: entries follow Previous without a gap, which the decoder thereby enforces.

using SimGraph.Cluster.Consensus;
using SimGraph.Runtime;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>One message of the consensus core.</summary>
internal readonly record struct ConsensusPayload(ConsensusMessage Message) : IFramePayload
{
    /// <summary>Bytes of a message without entries.</summary>
    public const int FixedLength = 1 + (2 * sizeof(int)) + (10 * sizeof(ulong)) + 2 + (2 * sizeof(int));

    /// <summary>Bytes of an entry without its payload.</summary>
    public const int EntryOverhead = sizeof(ulong) + 1 + sizeof(int);

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.Consensus;

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            IReadOnlyList<LogEntry> entries = Message.Entries;
            int length = FixedLength + (Message.SnapshotMembership?.Encode().Length ?? 0);
            for (int i = 0; i < entries.Count; i++)
            {
                length = checked(length + EntryOverhead + entries[i].Payload.Length);
            }

            return length;
        }
    }

    /// <summary>Decodes; payloads of entries share one copy of the bytes.</summary>
    /// <exception cref="ProtocolException">Not a consensus message.</exception>
    public static ConsensusMessage Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "consensus message");
        byte kind = reader.ReadByte();
        if (kind is < (byte)MessageKind.PreVoteRequest or > (byte)MessageKind.TimeoutNow)
        {
            throw new ProtocolException($"consensus message: unknown kind {kind}");
        }

        int from = reader.ReadInt32();
        int to = reader.ReadInt32();
        if (from < 1 || to < 1)
        {
            throw new ProtocolException($"consensus message: from node {from} to node {to}; nodes are numbered from 1");
        }

        ulong term = reader.ReadUInt64();
        var previous = new LogPosition(reader.ReadUInt64(), reader.ReadUInt64());
        var message = new ConsensusMessage
        {
            Kind = (MessageKind)kind,
            From = new NodeId(from),
            To = new NodeId(to),
            Term = term,
            Previous = previous,
            Commit = reader.ReadUInt64(),
            Rejected = reader.ReadBool(),
            HintIndex = reader.ReadUInt64(),
            HintTerm = reader.ReadUInt64(),
            ReadContext = reader.ReadUInt64(),
            Snapshot = new LogPosition(reader.ReadUInt64(), reader.ReadUInt64()),
            Stamp = reader.ReadUInt64(),
            Transfer = reader.ReadBool(),
            SnapshotMembership = ReadMembership(ref reader),
            Entries = ReadEntries(ref reader, previous),
        };
        reader.End();
        return message;
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        ConsensusMessage message = Message;
        writer.WriteByte((byte)message.Kind);
        writer.WriteInt32(message.From.Value);
        writer.WriteInt32(message.To.Value);
        writer.WriteUInt64(message.Term);
        writer.WriteUInt64(message.Previous.Index);
        writer.WriteUInt64(message.Previous.Term);
        writer.WriteUInt64(message.Commit);
        writer.WriteBool(message.Rejected);
        writer.WriteUInt64(message.HintIndex);
        writer.WriteUInt64(message.HintTerm);
        writer.WriteUInt64(message.ReadContext);
        writer.WriteUInt64(message.Snapshot.Index);
        writer.WriteUInt64(message.Snapshot.Term);
        writer.WriteUInt64(message.Stamp);
        writer.WriteBool(message.Transfer);
        byte[] membership = message.SnapshotMembership?.Encode() ?? [];
        writer.WriteInt32(membership.Length);
        writer.WriteBytes(membership);
        IReadOnlyList<LogEntry> entries = message.Entries;
        writer.WriteInt32(entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            LogEntry entry = entries[i];
            Invariant.Check(entry.Index == message.Previous.Index + (ulong)i + 1, "the entries of a message follow its previous position without a gap");
            writer.WriteUInt64(entry.Term);
            writer.WriteByte((byte)entry.Kind);
            writer.WriteInt32(entry.Payload.Length);
            writer.WriteBytes(entry.Payload.Span);
        }
    }

    private static Membership? ReadMembership(ref WireReader reader)
    {
        int length = reader.ReadInt32();
        return length == 0 ? null : DecodeMembership(reader.ReadBytes(length));
    }

    private static Membership DecodeMembership(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Membership.Decode(bytes);
        }
        catch (FormatException exception)
        {
            throw new ProtocolException($"consensus message: {exception.Message}");
        }
    }

    private static LogEntry[] ReadEntries(ref WireReader reader, LogPosition previous)
    {
        int count = reader.ReadInt32();
        if (count < 0 || (long)count * EntryOverhead > reader.Remaining || (ulong)count > ulong.MaxValue - previous.Index)
        {
            throw new ProtocolException($"consensus message: {count} entries do not fit into {reader.Remaining} bytes");
        }

        if (count == 0)
        {
            return [];
        }

        int length = reader.Remaining;
        byte[] shared = reader.ReadRest().ToArray();
        var rest = new WireReader(shared, "entries of a consensus message");
        var entries = new LogEntry[count];
        for (int i = 0; i < count; i++)
        {
            ulong term = rest.ReadUInt64();
            byte kind = rest.ReadByte();
            if (kind > (byte)LogEntryKind.Membership)
            {
                throw new ProtocolException($"consensus message: entry of unknown kind {kind}");
            }

            int payloadLength = rest.ReadInt32();
            int start = length - rest.Remaining;
            ReadOnlySpan<byte> content = rest.ReadBytes(payloadLength);
            if (kind == (byte)LogEntryKind.Membership)
            {
                // The core takes it for granted that an entry of this kind holds one.
                DecodeMembership(content);
            }

            entries[i] = new LogEntry(previous.Index + (ulong)i + 1, term, (LogEntryKind)kind, shared.AsMemory(start, payloadLength));
        }

        rest.End();
        return entries;
    }
}
