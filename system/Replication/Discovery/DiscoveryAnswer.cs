using System.Text;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Discovery;

/// <summary>The answer to a <see cref="DiscoveryRequest"/>.</summary>
/// <param name="Version">The answerer's version of discovery.</param>
/// <param name="Verdict">What the answerer thinks of the asker.</param>
/// <param name="KnownEpoch">The newest epoch of the asker that the answerer knows; 0 if it announced nothing.</param>
/// <param name="Reason">Why the asker is not believed; empty if it is.</param>
/// <param name="Own">The answerer; null if it refuses.</param>
/// <param name="Others">Whom the answerer has heard itself and finds healthy; empty if not asked for.</param>
internal readonly record struct DiscoveryAnswer(
    ushort Version, DiscoveryVerdict Verdict, ulong KnownEpoch, string Reason, MemberRecord? Own, IReadOnlyList<MemberRecord> Others) : IFramePayload
{
    /// <summary>Longest reason in UTF-8 bytes.</summary>
    public const int ReasonBytesMax = 2048;

    /// <summary>Longest answer.</summary>
    public const int BytesMax = FixedLength + ReasonBytesMax + ((MemberTableOptions.MembersLimit + 1) * MemberRecordCodec.BytesMax);

    private const int FixedLength = sizeof(uint) + sizeof(ushort) + 1 + sizeof(ulong) + sizeof(ushort) + 1 + sizeof(ushort);

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.DiscoveryAnswer;

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = FixedLength + Encoding.UTF8.GetByteCount(Reason) + (Own is null ? 0 : MemberRecordCodec.LengthOf(Own));
            foreach (MemberRecord record in Others)
            {
                length += MemberRecordCodec.LengthOf(record);
            }

            return length;
        }
    }

    /// <exception cref="ProtocolException">Not an answer.</exception>
    public static DiscoveryAnswer Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "discovery answer");
        if (reader.ReadUInt32() != DiscoveryRequest.Magic)
        {
            throw new ProtocolException("discovery answer: wrong magic number: the other side speaks another protocol");
        }

        ushort version = reader.ReadUInt16();
        byte verdict = reader.ReadByte();
        if (verdict > (byte)DiscoveryVerdict.Refused)
        {
            throw new ProtocolException($"discovery answer: unknown verdict {verdict}");
        }

        ulong knownEpoch = reader.ReadUInt64();
        string reason = reader.ReadText(ReasonBytesMax);
        MemberRecord? own = reader.ReadBool() ? MemberRecordCodec.Read(ref reader) : null;
        int count = reader.ReadUInt16();
        if (count > MemberTableOptions.MembersLimit)
        {
            throw new ProtocolException($"discovery answer: {count} members; at most {MemberTableOptions.MembersLimit} are allowed");
        }

        if (own is null != (verdict == (byte)DiscoveryVerdict.Refused))
        {
            throw new ProtocolException("discovery answer: who refuses says nothing of itself, and who does not names itself");
        }

        var others = new List<MemberRecord>();
        for (int i = 0; i < count; i++)
        {
            others.Add(MemberRecordCodec.Read(ref reader));
        }

        reader.End();
        return new DiscoveryAnswer(version, (DiscoveryVerdict)verdict, knownEpoch, reason, own, others);
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt32(DiscoveryRequest.Magic);
        writer.WriteUInt16(Version);
        writer.WriteByte((byte)Verdict);
        writer.WriteUInt64(KnownEpoch);
        writer.WriteText(Reason);
        writer.WriteBool(Own is not null);
        if (Own is { } own)
        {
            MemberRecordCodec.Write(writer, own);
        }

        writer.WriteUInt16(checked((ushort)Others.Count));
        foreach (MemberRecord record in Others)
        {
            MemberRecordCodec.Write(writer, record);
        }
    }
}
