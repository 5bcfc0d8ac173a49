// The order of values: by kind, then as the kind has it. Floating point numbers have the total order of IEEE 754, 5.10, by their bits, so that
// every value has one place; texts have the order of their UTF-8 bytes; vectors and arrays are compared element by element.

using System.Buffers.Binary;

namespace SimGraph.Storage.Graph;

/// <summary>Compares property values. Equal exactly when the bits are.</summary>
public static class PropertyOrder
{
    /// <summary>Less than 0 when <paramref name="left"/> comes first.</summary>
    public static int Compare(PropertyValue left, PropertyValue right)
    {
        if (left.Kind != right.Kind)
        {
            return left.Kind.CompareTo(right.Kind);
        }

        return left.Kind switch
        {
            PropertyKind.None => 0,
            PropertyKind.Boolean or PropertyKind.Int64 or PropertyKind.Timestamp => left.Bits.CompareTo(right.Bits),
            PropertyKind.Float64 => Ordinal(left.Bits).CompareTo(Ordinal(right.Bits)),
            PropertyKind.TextArray => CompareTexts(left.Payload, right.Payload),
            PropertyKind.Vector => CompareNumbers(left.Payload, right.Payload, sizeof(float)),
            PropertyKind.Int64Array or PropertyKind.Float64Array => CompareNumbers(left.Payload, right.Payload, sizeof(long), left.Kind),
            _ => left.Payload.SequenceCompareTo(right.Payload),
        };
    }

    /// <summary>An integer that is ordered as the number with these bits.</summary>
    private static long Ordinal(long bits) => bits < 0 ? bits ^ long.MaxValue : bits;

    private static int CompareNumbers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int size, PropertyKind kind = PropertyKind.Vector)
    {
        for (int at = 0; at < left.Length && at < right.Length; at += size)
        {
            int order = Number(left[at..], kind).CompareTo(Number(right[at..], kind));
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static long Number(ReadOnlySpan<byte> bytes, PropertyKind kind) => kind switch
    {
        PropertyKind.Vector => Ordinal((long)BinaryPrimitives.ReadInt32LittleEndian(bytes) << 32),
        PropertyKind.Float64Array => Ordinal(BinaryPrimitives.ReadInt64LittleEndian(bytes)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    private static int CompareTexts(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (!left.IsEmpty && !right.IsEmpty)
        {
            ReadOnlySpan<byte> first = NextText(ref left);
            ReadOnlySpan<byte> second = NextText(ref right);
            int order = first.SequenceCompareTo(second);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<byte> NextText(ref ReadOnlySpan<byte> payload)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(payload);
        ReadOnlySpan<byte> text = payload.Slice(sizeof(int), length);
        payload = payload[(sizeof(int) + length)..];
        return text;
    }
}
