using System.Buffers.Binary;

namespace SimGraph.Storage.Graph;

/// <summary>An index and what is in it; immutable. An index that is dropped and defined again is another object.</summary>
/// <param name="definition">What it is on.</param>
/// <param name="entries">How many entries it has.</param>
/// <param name="digest">Sum of their hashes.</param>
internal sealed class IndexState(IndexDefinition definition, long entries, UInt128 digest)
{
    private const int ValueBytes = sizeof(ulong) + ElementRecord.HashBytes;

    public IndexDefinition Definition { get; } = definition;

    public long Entries { get; } = entries;

    public UInt128 Digest { get; } = digest;

    public static IndexState Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> name = ElementRecord.ReadKeyName(key, 2);
        ElementKind target = (ElementKind)key[1];
        if (key.Length != 2 + sizeof(ushort) + name.Length || target is not (ElementKind.Node or ElementKind.Edge) || value.Length != ValueBytes)
        {
            throw new GraphStoreCorruptException(key, "it is not the definition of an index");
        }

        long entries = BinaryPrimitives.ReadInt64LittleEndian(value);
        return entries >= 0
            ? new IndexState(
                new IndexDefinition(target, ElementRecord.ReadText(key, name)), entries, BinaryPrimitives.ReadUInt128LittleEndian(value[sizeof(ulong)..]))
            : throw new GraphStoreCorruptException(key, "the number of entries of an index is negative");
    }

    public void Write(PairBuffer target) => target
        .Begin(KeySpace.IndexDefinition).Byte((byte)Definition.Target).Name(Definition.Key)
        .NumberValue((ulong)Entries).HashValue(Digest);

    /// <summary>Begins the key of an entry, or the prefix of all.</summary>
    public static PairBuffer BeginEntry(PairBuffer target, IndexDefinition definition) =>
        target.Begin(KeySpace.PropertyIndex).Byte((byte)definition.Target).Name(definition.Key);
}
