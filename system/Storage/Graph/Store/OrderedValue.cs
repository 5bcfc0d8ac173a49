// Property values as bytes whose order is that of PropertyOrder, see docs/formats.md. Nothing reads them back: what an index finds is looked up
// in the element. No encoding of a kind is the beginning of another, so an id can follow.

using System.Buffers.Binary;

namespace SimGraph.Storage.Graph;

/// <summary>The order-preserving encoding of property values in the keys of an index.</summary>
internal static class OrderedValue
{
    private const byte ElementFollows = 1;
    private const byte EndOfArray = 0;
    private const byte ZeroFollows = 255;

    /// <summary>Appends the kind and the value.</summary>
    public static void Append(PairBuffer target, PropertyValue value)
    {
        target.Take(1)[0] = (byte)value.Kind;
        ReadOnlySpan<byte> payload = value.Payload;
        switch (value.Kind)
        {
            case PropertyKind.Boolean:
                target.Take(1)[0] = (byte)value.Bits;
                break;
            case PropertyKind.Int64 or PropertyKind.Timestamp:
                AppendInteger(target, value.Bits);
                break;
            case PropertyKind.Float64:
                AppendFloat(target, value.Bits);
                break;
            case PropertyKind.Text or PropertyKind.Bytes:
                AppendEscaped(target, payload);
                AppendEnd(target);
                break;
            default:
                AppendElements(target, value.Kind, payload);
                target.Take(1)[0] = EndOfArray;
                break;
        }
    }

    /// <summary>Appends the kind and what all texts or bytes that begin with this have in common.</summary>
    public static void AppendPrefix(PairBuffer target, PropertyValue prefix)
    {
        target.Take(1)[0] = (byte)prefix.Kind;
        AppendEscaped(target, prefix.Payload);
    }

    private static void AppendElements(PairBuffer target, PropertyKind kind, ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            target.Take(1)[0] = ElementFollows;
            switch (kind)
            {
                case PropertyKind.Vector:
                    int bits = BinaryPrimitives.ReadInt32LittleEndian(payload);
                    BinaryPrimitives.WriteInt32BigEndian(target.Take(sizeof(int)), bits < 0 ? ~bits : bits ^ int.MinValue);
                    payload = payload[sizeof(int)..];
                    break;
                case PropertyKind.TextArray:
                    int length = BinaryPrimitives.ReadInt32LittleEndian(payload);
                    AppendEscaped(target, payload.Slice(sizeof(int), length));
                    AppendEnd(target);
                    payload = payload[(sizeof(int) + length)..];
                    break;
                case PropertyKind.Int64Array:
                    AppendInteger(target, BinaryPrimitives.ReadInt64LittleEndian(payload));
                    payload = payload[sizeof(long)..];
                    break;
                case PropertyKind.Float64Array:
                    AppendFloat(target, BinaryPrimitives.ReadInt64LittleEndian(payload));
                    payload = payload[sizeof(long)..];
                    break;
                default:
                    target.Take(1)[0] = payload[0];
                    payload = payload[1..];
                    break;
            }
        }
    }

    private static void AppendInteger(PairBuffer target, long value) =>
        BinaryPrimitives.WriteInt64BigEndian(target.Take(sizeof(long)), value ^ long.MinValue);

    private static void AppendFloat(PairBuffer target, long bits) =>
        BinaryPrimitives.WriteInt64BigEndian(target.Take(sizeof(long)), bits < 0 ? ~bits : bits ^ long.MinValue);

    private static void AppendEscaped(PairBuffer target, ReadOnlySpan<byte> bytes)
    {
        int zero;
        while ((zero = bytes.IndexOf((byte)0)) >= 0)
        {
            bytes[..(zero + 1)].CopyTo(target.Take(zero + 1));
            target.Take(1)[0] = ZeroFollows;
            bytes = bytes[(zero + 1)..];
        }

        bytes.CopyTo(target.Take(bytes.Length));
    }

    private static void AppendEnd(PairBuffer target) => target.Take(2).Clear();
}
