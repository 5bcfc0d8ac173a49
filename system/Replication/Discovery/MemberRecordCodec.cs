using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Discovery;

/// <summary>Bytes of a <see cref="MemberRecord"/>.</summary>
internal static class MemberRecordCodec
{
    /// <summary>Longest record.</summary>
    public const int BytesMax = FixedLength + (2 * MemberRecord.HostBytesMax);

    private const int FixedLength = sizeof(int) + sizeof(ulong) + sizeof(ulong) + 1 + sizeof(ulong) + sizeof(int) + (2 * (sizeof(ushort) + sizeof(ushort)));

    public static int LengthOf(MemberRecord record) =>
        FixedLength + Encoding.UTF8.GetByteCount(record.Address.Host) + Encoding.UTF8.GetByteCount(record.DiscoveryAddress.Host);

    public static void Write(FrameWriter writer, MemberRecord record)
    {
        writer.WriteInt32(record.Node.Value);
        writer.WriteUInt64(record.Epoch);
        writer.WriteUInt64(record.Revision);
        writer.WriteByte((byte)record.Role);
        writer.WriteUInt64(record.Term);
        writer.WriteInt32(record.Priority);
        WriteAddress(writer, record.Address);
        WriteAddress(writer, record.DiscoveryAddress);
    }

    /// <exception cref="ProtocolException">Not a record that makes sense.</exception>
    public static MemberRecord Read(ref WireReader reader)
    {
        var record = new MemberRecord
        {
            Node = new NodeId(reader.ReadInt32()),
            Epoch = reader.ReadUInt64(),
            Revision = reader.ReadUInt64(),
            Role = (MemberRole)reader.ReadByte(),
            Term = reader.ReadUInt64(),
            Priority = reader.ReadInt32(),
            Address = ReadAddress(ref reader),
            DiscoveryAddress = ReadAddress(ref reader),
        };
        try
        {
            record.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new ProtocolException(exception.Message);
        }

        return record;
    }

    private static void WriteAddress(FrameWriter writer, NetworkAddress address)
    {
        writer.WriteText(address.Host);
        writer.WriteUInt16((ushort)address.Port);
    }

    private static NetworkAddress ReadAddress(ref WireReader reader) => new(reader.ReadText(MemberRecord.HostBytesMax), reader.ReadUInt16());
}
