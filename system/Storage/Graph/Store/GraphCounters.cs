using System.Buffers.Binary;

namespace SimGraph.Storage.Graph;

/// <summary>The meta pair: how much there is, and the hash of it.</summary>
internal readonly record struct GraphCounters(long Nodes, long Edges, UInt128 Digest)
{
    private const ushort Version = 1;
    private const int Bytes = 34;

    public static GraphCounters Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Length != Bytes || BinaryPrimitives.ReadUInt16LittleEndian(value) != Version)
        {
            throw new GraphStoreCorruptException(key, $"the meta pair is not of version {Version}");
        }

        long nodes = BinaryPrimitives.ReadInt64LittleEndian(value[2..]);
        long edges = BinaryPrimitives.ReadInt64LittleEndian(value[10..]);
        return nodes >= 0 && edges >= 0
            ? new GraphCounters(nodes, edges, BinaryPrimitives.ReadUInt128LittleEndian(value[18..]))
            : throw new GraphStoreCorruptException(key, "a number of elements is negative");
    }

    public void Write(PairBuffer target)
    {
        Span<byte> value = target.Begin(KeySpace.Meta).Take(Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(value, Version);
        BinaryPrimitives.WriteInt64LittleEndian(value[2..], Nodes);
        BinaryPrimitives.WriteInt64LittleEndian(value[10..], Edges);
        BinaryPrimitives.WriteUInt128LittleEndian(value[18..], Digest);
    }
}
