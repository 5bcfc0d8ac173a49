using System.Text;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Discovery;

/// <summary>A question: who are you, and, if wanted, whom do you know. Complete in itself: there is no handshake before it.</summary>
/// <param name="Version">Version of discovery; the answerer serves its own only.</param>
/// <param name="ClusterId">Must be the answerer's own.</param>
/// <param name="To">The node that is meant, so that a wrong address is noticed; 0 for "whoever you are".</param>
/// <param name="WantsList">Whether the answer is to name the other members.</param>
/// <param name="Announced">The asker, who so announces itself; null for a client.</param>
internal readonly record struct DiscoveryRequest(ushort Version, string ClusterId, int To, bool WantsList, MemberRecord? Announced) : IFramePayload
{
    /// <summary>The version of this code.</summary>
    public const ushort CurrentVersion = 1;

    /// <summary>First four bytes of question and answer: "SGD1".</summary>
    public const uint Magic = 0x31444753;

    /// <summary>Longest question: nothing larger is read from a stranger.</summary>
    public const int BytesMax = 1024;

    private const int FixedLength = sizeof(uint) + sizeof(ushort) + sizeof(ushort) + sizeof(int) + 1 + 1;

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.DiscoveryRequest;

    /// <inheritdoc/>
    public int Length => FixedLength + Encoding.UTF8.GetByteCount(ClusterId) + (Announced is { } record ? MemberRecordCodec.LengthOf(record) : 0);

    /// <exception cref="ProtocolException">Not a question.</exception>
    public static DiscoveryRequest Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "discovery request");
        if (reader.ReadUInt32() != Magic)
        {
            throw new ProtocolException("discovery request: wrong magic number: the caller speaks another protocol");
        }

        ushort version = reader.ReadUInt16();
        string clusterId = reader.ReadText(HandshakeRequest.ClusterIdBytesMax);
        if (version != CurrentVersion)
        {
            // What follows is of a version that this code does not know; magic, version and cluster never change their places.
            return new DiscoveryRequest(version, clusterId, 0, false, null);
        }

        int to = reader.ReadInt32();
        bool wantsList = reader.ReadBool();
        MemberRecord? announced = reader.ReadBool() ? MemberRecordCodec.Read(ref reader) : null;
        reader.End();
        return new DiscoveryRequest(version, clusterId, to, wantsList, announced);
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt32(Magic);
        writer.WriteUInt16(Version);
        writer.WriteText(ClusterId);
        writer.WriteInt32(To);
        writer.WriteBool(WantsList);
        writer.WriteBool(Announced is not null);
        if (Announced is { } record)
        {
            MemberRecordCodec.Write(writer, record);
        }
    }
}
