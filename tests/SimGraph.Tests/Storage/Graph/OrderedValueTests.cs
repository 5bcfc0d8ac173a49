using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

public sealed class OrderedValueTests
{
    [Fact]
    public void The_order_of_the_bytes_is_the_order_of_the_values_and_none_begins_another() => GraphChoices.Check(tests: 3000, sizeMax: 40, choices =>
    {
        PropertyValue left = Value(choices);
        PropertyValue right = Value(choices);
        byte[] leftBytes = Encode(left);
        byte[] rightBytes = Encode(right);
        Assert.Equal(Math.Sign(PropertyOrder.Compare(left, right)), Math.Sign(leftBytes.AsSpan().SequenceCompareTo(rightBytes)));
        Assert.Equal(left == right, PropertyOrder.Compare(left, right) == 0);
        Assert.Equal(left == right, leftBytes.AsSpan().StartsWith(rightBytes));
        if (left.Kind == right.Kind && left.Kind is PropertyKind.Text or PropertyKind.Bytes)
        {
            PairBuffer prefix = new();
            OrderedValue.AppendPrefix(prefix, right);
            Assert.Equal(PropertyCondition.StartsWith(right).IsMetBy(left), leftBytes.AsSpan().StartsWith(prefix.Value));
        }
    });

    [Fact]
    public void Numbers_are_in_the_total_order_of_their_bits()
    {
        double[] ordered =
        [
            BitConverter.Int64BitsToDouble(-1), double.NaN, double.NegativeInfinity, double.MinValue, -1, -double.Epsilon, -0.0, 0.0, double.Epsilon, 1,
            double.MaxValue, double.PositiveInfinity, BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001), BitConverter.Int64BitsToDouble(long.MaxValue),
        ];
        for (int i = 1; i < ordered.Length; i++)
        {
            Assert.True(PropertyOrder.Compare(PropertyValue.From(ordered[i - 1]), PropertyValue.From(ordered[i])) < 0, $"{i}");
        }

        long[] integers = [long.MinValue, -1, 0, 1, long.MaxValue];
        for (int i = 1; i < integers.Length; i++)
        {
            Assert.True(Encode(PropertyValue.From(integers[i - 1])).AsSpan().SequenceCompareTo(Encode(PropertyValue.From(integers[i]))) < 0);
        }
    }

    private static byte[] Encode(PropertyValue value)
    {
        PairBuffer buffer = new();
        OrderedValue.Append(buffer, value);
        return buffer.Value.ToArray();
    }

    // Few different bytes, so that equal beginnings and equal values are frequent.
    private static PropertyValue Value(GraphChoices choices) => choices.Next(9) switch
    {
        0 => PropertyValue.From(Text(choices)),
        1 => PropertyValue.FromBytes([.. Enumerable.Range(0, choices.Next(4)).Select(_ => (byte)(choices.Next(3) * 127))]),
        2 => PropertyValue.From(Number(choices)),
        3 => PropertyValue.From(BitConverter.Int64BitsToDouble(Number(choices))),
        4 => PropertyValue.FromVector([.. Enumerable.Range(0, choices.Next(3)).Select(_ => BitConverter.Int32BitsToSingle((int)Number(choices)))]),
        5 => PropertyValue.FromArray([.. Enumerable.Range(0, choices.Next(3)).Select(_ => Text(choices))]),
        6 => PropertyValue.FromArray([.. Enumerable.Range(0, choices.Next(3)).Select(_ => Number(choices))]),
        7 => PropertyValue.FromArray([.. Enumerable.Range(0, choices.Next(3)).Select(_ => BitConverter.Int64BitsToDouble(Number(choices)))]),
        _ => PropertyValue.FromArray([.. Enumerable.Range(0, choices.Next(4)).Select(_ => choices.Next(2) == 0)]),
    };

    private static long Number(GraphChoices choices) => choices.Next(4) switch
    {
        0 => choices.Next(3) - 1,
        1 => long.MinValue + choices.Next(3),
        2 => int.MinValue + choices.Next(3),
        _ => ((long)choices.Next(int.MaxValue) << 33) ^ choices.Next(int.MaxValue),
    };

    private static string Text(GraphChoices choices) =>
        string.Concat(Enumerable.Range(0, choices.Next(4)).Select(_ => ((string[])["\0", "a", "\u0001", "\u00FF", "\uFFFD", "\uD83D\uDE00"])[choices.Next(6)]));
}
