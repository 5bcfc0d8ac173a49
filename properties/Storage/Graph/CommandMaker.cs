using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>
/// Makes commands from numbers and from the elements that there are. Few names and values, so that they meet; most references are to what exists. Past the
/// end of the numbers each choice is 0.
/// </summary>
internal sealed class CommandMaker(int[] numbers, IReadOnlyList<ElementId> nodes, IReadOnlyList<ElementId> edges)
{
    private static readonly string[] Names = ["a", "b", "name", "\u00E9", new string('n', GraphLimits.NameBytesMax)];

    private static readonly PropertyValue[] Values =
    [
        PropertyValue.From(1L), PropertyValue.From("text"), PropertyValue.From("te\0xt"), PropertyValue.From("te"), PropertyValue.From(-0.0), PropertyValue.From(true),
        PropertyValue.FromBytes([0, 255]), PropertyValue.FromVector([1f, float.NaN]), PropertyValue.From(new string('v', 300)),
        PropertyValue.From(double.NegativeInfinity), PropertyValue.From(new DateTimeOffset(2020, 2, 29, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_999)),
        PropertyValue.FromArray(["", "\u00E9", "a\"\\\n"]), PropertyValue.FromArray([long.MinValue, -1L, long.MaxValue]), PropertyValue.FromArray([0.1, double.NaN]),
        PropertyValue.FromArray([true, false, true]),
    ];

    private int _at;

    /// <summary>A command that creates elements of the largest values.</summary>
    public static GraphCommand MakeBulk(int number)
    {
        PropertyValue largest = PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax]);
        PropertyValue text = PropertyValue.From(new string((char)('a' + (number % 26)), GraphLimits.ValueBytesMax));
        PropertyMap properties = PropertyMap.Of(("b0", largest), ("b1", text), ("b2", largest), ("b3", text), ("b4", largest));
        return new GraphCommand(
            new CreateNode(LabelSet.Of("a"), properties),
            new CreateNode(LabelSet.Of("b"), PropertyMap.Of(("a", PropertyValue.From((long)number)))),
            new CreateEdge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1), "b", properties),
            new CreateEdge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(0), "a", PropertyMap.Empty));
    }

    public GraphCommand Make()
    {
        var operations = new GraphOperation[1 + (Next(2) * Next(5))];
        var created = new OperationKind[operations.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = Operation(created.AsSpan(0, i));
            created[i] = operations[i].Kind;
        }

        return new GraphCommand(operations);
    }

    private GraphOperation Operation(ReadOnlySpan<OperationKind> before)
    {
        int kind = nodes.Count == 0 ? 5 - Next(6) : 2 + Next(25);
        return kind switch
        {
            < 2 when nodes.Count == 0 => new DefineIndex(ElementKind.Node, Name()),
            < 6 => new CreateNode(Next(2) == 0 ? LabelSet.Of(Name()) : LabelSet.Of(Name(), Name()), Properties()),
            < 12 => new CreateEdge(Node(before), Node(before), Name(), Properties()),
            < 14 => new SetNodeProperty(Node(before), Name(), Value()),
            14 => new RemoveNodeProperty(Node(before), Name()),
            15 => new IncrementNodeProperty(Node(before), Name(), 1 - Next(3)),
            16 => new CompareAndSetNodeProperty(Node(before), Name(), Next(2) == 0 ? null : Value(), Value()),
            17 => new DeleteEdge(Edge(before)),
            < 20 => new SetEdgeProperty(Edge(before), Name(), Value()),
            20 => new RemoveEdgeProperty(Edge(before), Name()),
            21 => new AddLabel(Node(before), Name()),
            22 => new RemoveLabel(Node(before), Name()),
            23 => new DefineIndex((ElementKind)(1 + Next(2)), Name()),
            24 => new DropIndex((ElementKind)(1 + Next(2)), Name()),
            _ => new DeleteNode(Node(before)),
        };
    }

    private ElementReference Node(ReadOnlySpan<OperationKind> before) => Reference(before, OperationKind.CreateNode, nodes);

    private ElementReference Edge(ReadOnlySpan<OperationKind> before) => Reference(before, OperationKind.CreateEdge, edges);

    private ElementReference Reference(ReadOnlySpan<OperationKind> before, OperationKind creator, IReadOnlyList<ElementId> existing)
    {
        int last = before.LastIndexOf(creator);
        return last >= 0 && (existing.Count == 0 || Next(3) == 2)
            ? ElementReference.CreatedBy(last)
            : existing.Count == 0 || Next(30) == 29 ? new ElementId(77) : existing[Next(existing.Count)];
    }

    private PropertyMap Properties() => Next(3) switch
    {
        0 => PropertyMap.Of((Name(), Value())),
        1 => PropertyMap.Empty,
        _ => PropertyMap.Of(("a", Value()), ("name", Value())),
    };

    private string Name() => Names[Next(Names.Length)];

    private PropertyValue Value() => Values[Next(Values.Length)];

    private int Next(int bound) => _at < numbers.Length ? numbers[_at++] % bound : 0;
}
