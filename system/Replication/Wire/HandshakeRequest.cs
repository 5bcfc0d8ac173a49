using System.Text;
using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Wire;

/// <summary>What the dialling side says first.</summary>
/// <param name="Version">Protocol version; the acceptor refuses any but its own.</param>
/// <param name="Role">Peer or client.</param>
/// <param name="From">The dialling node; 0 for a client.</param>
/// <param name="To">The node that is meant, so that a wrong address is noticed; 0 for "whoever you are".</param>
/// <param name="ClusterId">Must be the acceptor's own.</param>
/// <param name="Address">Where the dialling node listens, so that one that does not know it as a member yet can answer; empty for a client.</param>
internal readonly record struct HandshakeRequest(ushort Version, HandshakeRole Role, int From, int To, string ClusterId, string Address = "") : IFramePayload
{
    /// <summary>The version of this code.</summary>
    public const ushort CurrentVersion = 4;

    /// <summary>First four bytes of both handshakes: "SGR1".</summary>
    public const uint Magic = 0x31524753;

    /// <summary>Longest cluster id in UTF-8 bytes.</summary>
    public const int ClusterIdBytesMax = 128;

    // Older versions are read to be refused with a reason.
    private const ushort AddressVersion = 3;

    private const int FixedLength = sizeof(uint) + sizeof(ushort) + 1 + sizeof(int) + sizeof(int) + sizeof(ushort);

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.HandshakeRequest;

    /// <inheritdoc/>
    public int Length => FixedLength + Encoding.UTF8.GetByteCount(ClusterId) +
        (Version >= AddressVersion ? sizeof(ushort) + Encoding.UTF8.GetByteCount(Address) : 0);

    /// <exception cref="ProtocolException">Not a handshake.</exception>
    public static HandshakeRequest Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "handshake request");
        if (reader.ReadUInt32() != Magic)
        {
            throw new ProtocolException("handshake request: wrong magic number: the caller speaks another protocol");
        }

        ushort version = reader.ReadUInt16();
        byte role = reader.ReadByte();
        int from = reader.ReadInt32();
        int to = reader.ReadInt32();
        string clusterId = reader.ReadText(ClusterIdBytesMax);
        string address = string.Empty;
        if (version >= AddressVersion)
        {
            address = reader.ReadText(Membership.AddressBytesMax);
        }

        reader.End();
        if (role is not ((byte)HandshakeRole.Peer or (byte)HandshakeRole.Client))
        {
            throw new ProtocolException($"handshake request: unknown role {role}");
        }

        return new HandshakeRequest(version, (HandshakeRole)role, from, to, clusterId, address);
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt32(Magic);
        writer.WriteUInt16(Version);
        writer.WriteByte((byte)Role);
        writer.WriteInt32(From);
        writer.WriteInt32(To);
        writer.WriteText(ClusterId);
        if (Version >= AddressVersion)
        {
            writer.WriteText(Address);
        }
    }
}
