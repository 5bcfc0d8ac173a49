using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class GraphValueTests
{
    [Fact]
    public void Every_kind_gives_back_what_it_was_made_from()
    {
        DateTimeOffset time = new(2024, 5, 6, 7, 8, 9, 123, 456, TimeSpan.FromHours(2));
        Assert.Equal("é\uD83D\uDE00", PropertyValue.From("é\uD83D\uDE00").AsText());
        Assert.Equal(long.MinValue, PropertyValue.From(long.MinValue).AsInt64());
        Assert.Equal(1.25, PropertyValue.From(1.25).AsFloat64());
        Assert.True(PropertyValue.From(true).AsBoolean());
        Assert.Equal(time, PropertyValue.From(time).AsTimestamp());
        Assert.Equal([1, 2], PropertyValue.FromBytes([1, 2]).AsBytes().ToArray());
        Assert.Equal([1.5f, -2f], PropertyValue.FromVector([1.5f, -2f]).AsVector());
        Assert.Equal(["a", "", "é"], PropertyValue.FromArray(new string[] { "a", "", "é" }).AsTextArray());
        Assert.Equal([1L, -1L], PropertyValue.FromArray(new long[] { 1, -1 }).AsInt64Array());
        Assert.Equal([1.5, -0.0], PropertyValue.FromArray(new double[] { 1.5, -0.0 }).AsFloat64Array());
        Assert.Equal([true, false], PropertyValue.FromArray(new bool[] { true, false }).AsBooleanArray());
    }

    [Fact]
    public void Floating_point_values_are_equal_when_their_bits_are()
    {
        double signalling = BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001);
        Assert.Equal(PropertyValue.From(double.NaN), PropertyValue.From(double.NaN));
        Assert.NotEqual(PropertyValue.From(double.NaN), PropertyValue.From(signalling));
        Assert.NotEqual(PropertyValue.From(0.0), PropertyValue.From(-0.0));
        Assert.NotEqual(PropertyValue.FromVector([0f]), PropertyValue.FromVector([-0f]));
        Assert.Equal(0x7FF0_0000_0000_0001, BitConverter.DoubleToInt64Bits(PropertyValue.From(signalling).AsFloat64()));
    }

    [Fact]
    public void Values_of_different_kinds_are_never_equal_and_never_confused()
    {
        Assert.NotEqual(PropertyValue.From(1L), PropertyValue.From(true));
        Assert.NotEqual(PropertyValue.From("ab"), PropertyValue.FromBytes("ab"u8));
        Assert.NotEqual(PropertyValue.FromArray(Array.Empty<long>()), PropertyValue.FromArray(Array.Empty<double>()));
        Assert.Contains("not a Text", Assert.Throws<InvalidOperationException>(() => PropertyValue.From(1L).AsText()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_and_maps_are_sorted_ordinally_whatever_the_order_of_the_source()
    {
        Assert.Equal(["B", "a", "é"], LabelSet.Of("é", "a", "B", "a"));
        Assert.Equal(
            PropertyMap.Of(("a", PropertyValue.From(1L)), ("B", PropertyValue.From(2L))),
            PropertyMap.Of(("B", PropertyValue.From(2L)), ("a", PropertyValue.From(1L))));
    }

    [Fact]
    public void What_exceeds_a_limit_is_refused_when_it_is_built()
    {
        string longName = new('x', GraphLimits.NameBytesMax + 1);
        PropertyValue value = PropertyValue.From(1L);
        Assert.Throws<ArgumentException>(() => LabelSet.Of(longName));
        Assert.Throws<ArgumentException>(() => LabelSet.Of(""));
        Assert.Throws<ArgumentException>(() => LabelSet.Of("\uD800"));
        Assert.Throws<ArgumentException>(() => LabelSet.Of([.. Enumerable.Range(0, GraphLimits.LabelsPerNodeMax + 1).Select(i => $"l{i}")]));
        Assert.Throws<ArgumentException>(() => PropertyMap.Of((longName, value)));
        Assert.Throws<ArgumentException>(() => PropertyMap.Of(("a", value), ("a", value)));
        Assert.Throws<ArgumentException>(() => PropertyMap.Of(("a", default)));
        Assert.Throws<ArgumentException>(
            () => PropertyMap.Of([.. Enumerable.Range(0, GraphLimits.PropertiesPerElementMax + 1).Select(i => ($"p{i}", value))]));
        Assert.Throws<ArgumentException>(() => PropertyValue.From("\uD800"));
        Assert.Throws<ArgumentException>(() => PropertyValue.From(new string('x', GraphLimits.ValueBytesMax + 1)));
        Assert.Throws<ArgumentException>(() => PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax + 1]));
        Assert.Throws<ArgumentException>(() => PropertyValue.FromVector(new float[(GraphLimits.ValueBytesMax / 4) + 1]));
        Assert.Throws<ArgumentException>(() => PropertyValue.FromArray(new string[] { new('x', GraphLimits.ValueBytesMax) }));
        Assert.Throws<ArgumentException>(() => new SetNodeProperty(new ElementId(1), "a", default));
        Assert.Throws<ArgumentException>(() => new CreateEdge(new ElementId(1), new ElementId(1), longName, PropertyMap.Empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Neighbours(new ElementId(1), Limit: GraphLimits.NeighboursPerAnswerMax + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Neighbours(new ElementId(1), EdgeDirection.None));
    }

    [Fact]
    public void A_command_with_too_much_or_with_a_reference_that_leads_nowhere_is_refused_when_it_is_built()
    {
        CreateNode node = new(LabelSet.Empty, PropertyMap.Empty);
        SetNodeProperty large = new(new ElementId(1), "a", PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax]));
        GraphOperation[] tooMany = [.. Enumerable.Repeat(node, GraphLimits.OperationsPerCommandMax + 1)];
        GraphOperation[] tooLarge = [.. Enumerable.Repeat(large, 16)];
        Assert.Throws<ArgumentException>(() => new GraphCommand());
        Assert.Throws<ArgumentException>(() => new GraphCommand(tooMany));
        Assert.Throws<ArgumentException>(() => new GraphCommand(tooLarge));
        Assert.Throws<ArgumentException>(() => new GraphCommand(new DeleteNode(ElementReference.CreatedBy(0))));
        Assert.Throws<ArgumentException>(() => new GraphCommand(node, new DeleteEdge(ElementReference.CreatedBy(0))));
        Assert.Throws<ArgumentException>(() => new GraphCommand(node, new DeleteNode(ElementReference.CreatedBy(1)), node));
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementReference.CreatedBy(GraphLimits.OperationsPerCommandMax));
    }
}
