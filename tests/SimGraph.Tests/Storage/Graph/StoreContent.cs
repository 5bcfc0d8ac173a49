using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Storage.Graph;

/// <summary>All pairs that docs/formats.md says a graph has, made from the model in the plainest way.</summary>
internal sealed class StoreContent
{
    private readonly SortedDictionary<byte[], byte[]> _pairs = new(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));

    private StoreContent(GraphModel model)
    {
        foreach (GraphModel.Node node in model.Nodes)
        {
            _pairs[[(byte)'N', .. Big(node.Id.Value)]] = Write((ref CanonicalWriter writer) =>
            {
                writer.WriteLabels(LabelSet.Of(node.Labels));
                writer.WriteProperties(Map(node.Properties));
            });
            foreach (string label in node.Labels)
            {
                _pairs[[(byte)'L', .. Name(label), .. Big(node.Id.Value)]] = [];
                _pairs[[(byte)'C', .. Name(label)]] = Little((ulong)model.Nodes.Count(other => other.Labels.Contains(label)));
            }
        }

        foreach (GraphModel.Edge edge in model.Edges)
        {
            _pairs[[(byte)'E', .. Big(edge.Id.Value)]] = Write((ref CanonicalWriter writer) =>
            {
                writer.WriteId(edge.From);
                writer.WriteId(edge.To);
                writer.WriteName(edge.Type);
                writer.WriteProperties(Map(edge.Properties));
            });
            _pairs[[(byte)'O', .. Big(edge.From.Value), .. Name(edge.Type), .. Big(edge.Id.Value)]] = Little(edge.To.Value);
            _pairs[[(byte)'I', .. Big(edge.To.Value), .. Name(edge.Type), .. Big(edge.Id.Value)]] = Little(edge.From.Value);
            _pairs[[(byte)'T', .. Name(edge.Type), .. Big(edge.Id.Value)]] = [];
        }

        foreach (IndexDefinition index in model.Indexes)
        {
            ulong count = 0;
            UInt128 sum = 0;
            foreach ((ElementId id, PropertyValue value) in index.Target == ElementKind.Node
                ? model.Nodes.Where(node => node.Properties.ContainsKey(index.Key)).Select(node => (node.Id, node.Properties[index.Key]))
                : model.Edges.Where(edge => edge.Properties.ContainsKey(index.Key)).Select(edge => (edge.Id, edge.Properties[index.Key])))
            {
                PairBuffer ordered = new();
                OrderedValue.Append(ordered, value);
                byte[] key = [(byte)'P', (byte)index.Target, .. Name(index.Key), .. ordered.Value, .. Big(id.Value)];
                _pairs[key] = [];
                count++;
                sum = unchecked(sum + XxHash128.HashToUInt128(key));
            }

            _pairs[[(byte)'D', (byte)index.Target, .. Name(index.Key)]] = [.. Little(count), .. Little(sum)];
        }

        foreach ((byte[] key, byte[] value) in _pairs)
        {
            Digest = key[0] == 'P' ? Digest : unchecked(Digest + XxHash128.HashToUInt128((byte[])[.. key, .. value]));
        }

        if (model.IsTouched)
        {
            _pairs["M"u8.ToArray()] = [1, 0, .. Little((ulong)model.Nodes.Count), .. Little((ulong)model.Edges.Count), .. Little(Digest)];
        }
    }

    private delegate void Writing(ref CanonicalWriter writer);

    public UInt128 Digest { get; }

    public static StoreContent Of(GraphModel model) => new(model);

    public static string Format(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        $"{(char)key[0]} {Convert.ToHexString(key[1..])} = {Convert.ToHexString(value)}";

    public string[] List() => [.. _pairs.Select(pair => Format(pair.Key, pair.Value))];

    private static byte[] Write(Writing write)
    {
        ArrayBufferWriter<byte> buffer = new();
        CanonicalWriter writer = new(buffer);
        write(ref writer);
        writer.Complete();
        return buffer.WrittenSpan.ToArray();
    }

    private static PropertyMap Map(IEnumerable<KeyValuePair<string, PropertyValue>> properties) =>
        PropertyMap.Of([.. properties.Select(pair => (pair.Key, pair.Value))]);

    private static byte[] Name(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        return [(byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8];
    }

    private static byte[] Big(ulong number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Little(ulong number) => BitConverter.GetBytes(number);

    private static byte[] Little(UInt128 number) => [.. Little((ulong)number), .. Little((ulong)(number >> 64))];
}
