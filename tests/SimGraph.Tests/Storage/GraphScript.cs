using System.Buffers;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Storage;

/// <summary>Makes up commands and values from choices. Most references are to elements that exist, some are not.</summary>
internal static class GraphScript
{
    private static readonly string[] Names = ["a", "b", "name", "count", "é", "Z", "\uD83D\uDE00", "\uFFFD"];

    private static readonly PropertyValue[] Values =
    [
        PropertyValue.From("text"), PropertyValue.From(""), PropertyValue.From("\uD83D\uDE00 é"),
        PropertyValue.From(0L), PropertyValue.From(1L), PropertyValue.From(-7L), PropertyValue.From(long.MaxValue), PropertyValue.From(long.MinValue),
        PropertyValue.From(0.0), PropertyValue.From(-0.0), PropertyValue.From(double.NaN), PropertyValue.From(1.5), PropertyValue.From(double.NegativeInfinity),
        PropertyValue.From(BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001)),
        PropertyValue.From(true), PropertyValue.From(false),
        PropertyValue.From(DateTimeOffset.UnixEpoch), PropertyValue.From(DateTimeOffset.MaxValue), PropertyValue.From(DateTimeOffset.MinValue),
        PropertyValue.FromBytes([]), PropertyValue.FromBytes([0, 255, 1]),
        PropertyValue.FromVector([]), PropertyValue.FromVector([1f, -0f, float.NaN]),
        PropertyValue.FromArray(new string[] { "x", "", "é" }), PropertyValue.FromArray(Array.Empty<string>()),
        PropertyValue.FromArray(new long[] { 1, -1 }), PropertyValue.FromArray(new double[] { -0.0, double.NaN }),
        PropertyValue.FromArray(new bool[] { true, false }),
        PropertyValue.From("te"), PropertyValue.From("te\0xt"), PropertyValue.FromBytes([0]),
        PropertyValue.From(new string('x', GraphLimits.IndexedValueBytesMax)),
    ];

    private static readonly PropertyValue[] ValuesTooLargeForAnIndex =
    [
        PropertyValue.From(new string('x', GraphLimits.IndexedValueBytesMax + 1)), PropertyValue.FromBytes(new byte[GraphLimits.IndexedValueBytesMax + 1]),
        PropertyValue.FromVector(new float[(GraphLimits.IndexedValueBytesMax / 4) + 1]),
    ];

    public static string Name(GraphChoices choices) => Names[choices.Next(Names.Length)];

    // One in four is too large for an index: an index with that name must be there too, so the refusal would be rare otherwise.
    public static PropertyValue Value(GraphChoices choices)
    {
        PropertyValue[] values = choices.Next(4) == 3 ? ValuesTooLargeForAnIndex : Values;
        return values[choices.Next(values.Length)];
    }

    public static GraphCommand Command(GraphChoices choices, IReadOnlyList<ElementId> nodes, IReadOnlyList<ElementId> edges)
    {
        GraphOperation[] operations = new GraphOperation[1 + (choices.Next(2) * choices.Next(8))];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = Operation(choices, operations.AsSpan(0, i), nodes, edges);
        }

        return new GraphCommand(operations);
    }

    public static GraphQuery Query(GraphChoices choices, IReadOnlyList<ElementId> nodes, IReadOnlyList<ElementId> edges) => choices.Next(8) switch
    {
        0 => new GetNode(Pick(choices, nodes)),
        1 => new GetEdge(Pick(choices, edges)),
        2 => new Neighbours(
            Pick(choices, nodes), (EdgeDirection)(1 + choices.Next(3)), choices.Next(2) == 0 ? null : Name(choices), Pick(choices, edges), 1 + choices.Next(4)),
        3 => new FindByLabel(Name(choices), Pick(choices, nodes, choices.Next(2)), 1 + choices.Next(4)),
        4 => new FindEdgesByType(Name(choices), Pick(choices, edges, choices.Next(2)), 1 + choices.Next(4)),
        5 or 6 => Find(choices, nodes, edges),
        _ => new CountNodes(choices.Next(2) == 0 ? null : Name(choices)),
    };

    public static byte[] Bytes(Action<IBufferWriter<byte>> encode)
    {
        ArrayBufferWriter<byte> buffer = new();
        encode(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static FindByProperty Find(GraphChoices choices, IReadOnlyList<ElementId> nodes, IReadOnlyList<ElementId> edges)
    {
        ElementKind target = choices.Next(4) == 3 ? ElementKind.Edge : ElementKind.Node;
        PropertyValue value = Value(choices);
        PropertyValue other = Value(choices);
        PropertyCondition condition = choices.Next(4) switch
        {
            0 => PropertyCondition.Exactly(value),
            1 when value.Kind is PropertyKind.Text or PropertyKind.Bytes => PropertyCondition.StartsWith(value),
            2 when other.Kind == value.Kind => PropertyCondition.Between(value, other, choices.Next(2) == 0, choices.Next(2) == 0),
            3 => PropertyCondition.Between(null, value, includesTo: choices.Next(2) == 0),
            _ => PropertyCondition.Between(value, null, choices.Next(2) == 0),
        };
        PropertyPosition? after = choices.Next(3) == 0 && other.Kind == value.Kind
            ? new PropertyPosition(other, Pick(choices, target == ElementKind.Node ? nodes : edges))
            : null;
        return new FindByProperty(target, Names[choices.Next(4)], condition, after, 1 + choices.Next(4));
    }

    private static GraphOperation Operation(
        GraphChoices choices, ReadOnlySpan<GraphOperation> before, IReadOnlyList<ElementId> nodes, IReadOnlyList<ElementId> edges)
    {
        // Deletions are rarer than creations, so that the graph grows; the order makes the simplest choice a creation.
        int kind = choices.Next(27);
        if (nodes.Count == 0 && choices.Next(8) != 7)
        {
            kind = 0;
        }

        return kind switch
        {
            < 5 => new CreateNode(Labels(choices), Properties(choices)),
            < 10 => new CreateEdge(
                Reference(choices, before, OperationKind.CreateNode, nodes),
                Reference(choices, before, OperationKind.CreateNode, nodes),
                Name(choices),
                Properties(choices)),
            10 => new SetNodeProperty(Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices), Value(choices)),
            11 => new RemoveNodeProperty(Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices)),
            < 15 => new IncrementNodeProperty(Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices), Delta(choices)),
            15 => new CompareAndSetNodeProperty(
                Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices), Optional(choices), Optional(choices)),
            16 => new DeleteEdge(Reference(choices, before, OperationKind.CreateEdge, edges)),
            < 19 => new SetEdgeProperty(Reference(choices, before, OperationKind.CreateEdge, edges), Name(choices), Value(choices)),
            19 or 20 => new AddLabel(Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices)),
            21 => new RemoveLabel(Reference(choices, before, OperationKind.CreateNode, nodes), Name(choices)),
            22 => new RemoveEdgeProperty(Reference(choices, before, OperationKind.CreateEdge, edges), Name(choices)),
            23 or 24 => new DefineIndex(choices.Next(3) == 2 ? ElementKind.Edge : ElementKind.Node, Names[choices.Next(3)]),
            25 => new DropIndex(choices.Next(3) == 2 ? ElementKind.Edge : ElementKind.Node, Names[choices.Next(3)]),
            _ => new DeleteNode(Reference(choices, before, OperationKind.CreateNode, nodes)),
        };
    }

    private static ElementReference Reference(
        GraphChoices choices, ReadOnlySpan<GraphOperation> before, OperationKind creator, IReadOnlyList<ElementId> existing)
    {
        if (choices.Next(3) == 0)
        {
            for (int i = before.Length - 1; i >= 0; i--)
            {
                if (before[i].Kind == creator && (i == 0 || choices.Next(2) == 0))
                {
                    return ElementReference.CreatedBy(i);
                }
            }
        }

        return Pick(choices, existing);
    }

    private static ElementId Pick(GraphChoices choices, IReadOnlyList<ElementId> existing, int any) => any == 0 ? default : Pick(choices, existing);

    private static ElementId Pick(GraphChoices choices, IReadOnlyList<ElementId> existing) =>
        existing.Count == 0 || choices.Next(48) == 47 ? new ElementId((ulong)choices.Next(100_000)) : existing[choices.Next(existing.Count)];

    private static long Delta(GraphChoices choices) => choices.Next(4) switch
    {
        0 => 1,
        1 => -choices.Next(1000),
        2 => long.MaxValue,
        _ => long.MinValue,
    };

    private static PropertyValue? Optional(GraphChoices choices) => choices.Next(2) == 0 ? null : Value(choices);

    private static LabelSet Labels(GraphChoices choices)
    {
        string[] labels = new string[choices.Next(4)];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = Name(choices);
        }

        return LabelSet.Of(labels);
    }

    private static PropertyMap Properties(GraphChoices choices)
    {
        Dictionary<string, PropertyValue> properties = [];
        for (int i = choices.Next(4); i > 0; i--)
        {
            properties[Name(choices)] = Value(choices);
        }

        return PropertyMap.Of([.. properties.Select(pair => (pair.Key, pair.Value))]);
    }
}
