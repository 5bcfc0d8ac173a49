using System.Text;
using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Wire;

/// <summary>Body of a client request of kind Administration: kind u8, node i32, priority u8, address text.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Node">To whom; 0 for nobody.</param>
/// <param name="Priority">Of a new member.</param>
/// <param name="Address">Of a new member; empty otherwise.</param>
internal readonly record struct AdministrationRequest(AdministrationKind Kind, int Node, byte Priority = 0, string Address = "")
{
    /// <exception cref="ProtocolException">Not an administration request.</exception>
    public static AdministrationRequest Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, "administration request");
        byte kind = reader.ReadByte();
        int node = reader.ReadInt32();
        byte priority = reader.ReadByte();
        string address = reader.ReadText(Membership.AddressBytesMax);
        reader.End();
        if (kind > (byte)AdministrationKind.TransferLeadership || (kind == (byte)AdministrationKind.Describe ? node != 0 : node < 1))
        {
            throw new ProtocolException($"administration request: kind {kind} of node {node}; nodes are numbered from 1");
        }

        return new AdministrationRequest((AdministrationKind)kind, node, priority, address);
    }

    public byte[] Encode()
    {
        byte[] bytes = new byte[sizeof(byte) + sizeof(int) + sizeof(byte) + sizeof(ushort) + Encoding.UTF8.GetByteCount(Address)];
        var writer = new FrameWriter();
        writer.WriteByte((byte)Kind);
        writer.WriteInt32(Node);
        writer.WriteByte(Priority);
        writer.WriteText(Address);
        writer.Written.CopyTo(bytes);
        return bytes;
    }
}
