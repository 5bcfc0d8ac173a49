using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class GraphStateTests
{
    private readonly GraphState _state = new(new NoProbes());

    [Fact]
    public void Ids_are_the_log_index_times_4096_plus_the_ordinal()
    {
        GraphOutcome outcome = _state.Apply(
            new GraphCommand(Node(), Node(), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1))), logIndex: 7);
        Assert.Equal([7UL * 4096, (7UL * 4096) + 1, (7UL * 4096) + 2], outcome.Results.Select(result => result.Element.Value));
        Assert.Equal(7UL, outcome.Results[2].Element.LogIndex);
    }

    [Fact]
    public void Deleting_a_node_takes_its_edges_from_its_neighbours()
    {
        ElementId[] ids = Ids(_state.Apply(
            new GraphCommand(
                Node(),
                Node(),
                Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1)),
                Edge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(0)),
                Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(0)),
                Edge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(1))),
            1));
        Assert.True(_state.Apply(new GraphCommand(new DeleteNode(ids[0])), 2).IsApplied);
        Assert.Equal([new Neighbour(ids[5], "T", ids[1])], Assert.IsType<NeighboursAnswer>(_state.Ask(new Neighbours(ids[1]))).Neighbours);
        Assert.Equal(1, _state.EdgeCount);
        Assert.Null(_state.FindNode(ids[0]));
    }

    [Fact]
    public void A_batch_that_fails_at_its_end_changes_nothing()
    {
        ElementId[] ids = Ids(_state.Apply(
            new GraphCommand(Node(), Node(), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1))), 1));
        byte[] before = GraphScript.Bytes(_state.WriteSnapshot);
        UInt128 digest = _state.Digest;
        GraphOutcome outcome = _state.Apply(
            new GraphCommand(
                Node(),
                new SetNodeProperty(ids[0], "p", PropertyValue.From(1L)),
                new SetEdgeProperty(ids[2], "p", PropertyValue.From(1L)),
                Edge(ids[0], ElementReference.CreatedBy(0)),
                new DeleteNode(ids[0]),
                new DeleteNode(ElementReference.CreatedBy(0)),
                new IncrementNodeProperty(ids[1], "n", 1),
                new DeleteEdge(ids[2])),
            2);
        Assert.Equal(GraphOutcome.Failed(GraphError.NoSuchEdge, 7), outcome);
        Assert.Equal(before, GraphScript.Bytes(_state.WriteSnapshot));
        Assert.Equal(digest, _state.Digest);
        Assert.Equal([ids[2]], _state.ListEdges(ids[1], EdgeDirection.Incoming).Select(edge => edge.Id));
        Assert.Equal(new CountAnswer(2), _state.Ask(new CountNodes("L")));

        // And the state goes on as if the batch had never been.
        Assert.True(_state.Apply(new GraphCommand(new DeleteNode(ids[0])), 3).IsApplied);
        Assert.Equal(0, _state.EdgeCount);
    }

    [Fact]
    public void Increments_create_add_and_refuse_what_does_not_fit()
    {
        ElementId node = Ids(_state.Apply(new GraphCommand(Node()), 1))[0];
        Assert.Equal(5, _state.Apply(new GraphCommand(new IncrementNodeProperty(node, "n", 5)), 2).Results[0].Value);
        Assert.Equal(3, _state.Apply(new GraphCommand(new IncrementNodeProperty(node, "n", -2)), 3).Results[0].Value);
        Assert.Equal(GraphError.Overflow, _state.Apply(new GraphCommand(new IncrementNodeProperty(node, "n", long.MaxValue)), 4).Error);
        Assert.True(_state.Apply(new GraphCommand(new SetNodeProperty(node, "n", PropertyValue.From(3.0))), 5).IsApplied);
        Assert.Equal(GraphError.WrongType, _state.Apply(new GraphCommand(new IncrementNodeProperty(node, "n", 1)), 6).Error);
        Assert.Equal(GraphError.NoSuchNode, _state.Apply(new GraphCommand(new IncrementNodeProperty(new ElementId(1), "n", 1)), 7).Error);
    }

    [Fact]
    public void Compare_and_set_compares_bits()
    {
        ElementId node = Ids(_state.Apply(new GraphCommand(Node()), 1))[0];
        Assert.True(Swap(node, null, PropertyValue.From(-0.0), 2).IsApplied);
        Assert.Equal(GraphError.Conflict, Swap(node, PropertyValue.From(0.0), PropertyValue.From(1.0), 3).Error);
        Assert.Equal(GraphError.Conflict, Swap(node, null, PropertyValue.From(1.0), 4).Error);
        Assert.True(Swap(node, PropertyValue.From(-0.0), PropertyValue.From(double.NaN), 5).IsApplied);
        Assert.True(Swap(node, PropertyValue.From(double.NaN), null, 6).IsApplied);
        Assert.Empty(_state.FindNode(node)!.Properties);
    }

    [Fact]
    public void An_element_does_not_grow_over_its_limit()
    {
        ElementId node = Ids(_state.Apply(new GraphCommand(Node()), 1))[0];
        PropertyValue large = PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax]);
        GraphError error = GraphError.None;
        ulong index = 2;
        for (; error == GraphError.None && index < 40; index++)
        {
            error = _state.Apply(new GraphCommand(new SetNodeProperty(node, $"p{index}", large)), index).Error;
        }

        Assert.Equal(GraphError.TooLarge, error);
        Assert.Equal(15, _state.FindNode(node)!.Properties.Count);
        Assert.True(_state.Apply(new GraphCommand(new RemoveNodeProperty(node, "p2")), index).IsApplied);
        Assert.True(_state.Apply(new GraphCommand(new SetNodeProperty(node, "q", large)), index + 1).IsApplied);
    }

    [Fact]
    public void Neighbours_come_in_pages_that_join_to_the_whole()
    {
        GraphOperation[] operations = new GraphOperation[101];
        operations[0] = Node();
        for (int i = 1; i < operations.Length; i++)
        {
            operations[i] = Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(0));
        }

        ElementId[] ids = Ids(_state.Apply(new GraphCommand(operations), 1));
        List<ElementId> seen = [];
        bool more = true;
        while (more)
        {
            NeighboursAnswer page = Assert.IsType<NeighboursAnswer>(_state.Ask(
                new Neighbours(ids[0], EdgeDirection.Both, After: seen.LastOrDefault(), Limit: 7)));
            seen.AddRange(page.Neighbours.Select(neighbour => neighbour.Edge));
            more = page.More;
        }

        Assert.Equal(ids[1..], seen);
    }

    [Fact]
    public void A_cascade_is_reported_to_the_probes()
    {
        GraphProbes probes = new();
        GraphState state = new(probes);
        state.Apply(new GraphCommand(Node(), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(0))), 1);
        state.Apply(new GraphCommand(Node()), 2);
        state.Apply(new GraphCommand(new DeleteNode(ElementId.Of(2, 0))), 3);
        Assert.Empty(probes.Reached);
        state.Apply(new GraphCommand(new DeleteNode(ElementId.Of(1, 0))), 4);
        Assert.Equal(["graph.cascade-delete"], probes.Reached);
    }

    [Fact]
    public void A_log_index_that_leaves_no_room_for_ids_breaks_an_invariant()
    {
        Assert.Throws<InvariantViolationException>(() => _state.Apply(new GraphCommand(Node()), 0));
        Assert.Throws<InvariantViolationException>(() => _state.Apply(new GraphCommand(Node()), ulong.MaxValue));
    }

    [Fact]
    public void Names_are_shared_by_the_elements_that_have_them()
    {
        byte[] bytes = GraphScript.Bytes(new GraphCommand(Node()).Encode);
        _state.Apply(GraphCommand.Decode(bytes, _state.Names), 1);
        _state.Apply(GraphCommand.Decode(bytes, _state.Names), 2);
        Assert.Same(_state.FindNode(ElementId.Of(1, 0))!.Labels[0], _state.FindNode(ElementId.Of(2, 0))!.Labels[0]);
    }

    private static ElementId[] Ids(GraphOutcome outcome) => [.. outcome.Results.Select(result => result.Element)];

    private static CreateNode Node() => new(LabelSet.Of("L"), PropertyMap.Empty);

    private static CreateEdge Edge(ElementReference from, ElementReference to) => new(from, to, "T", PropertyMap.Empty);

    private GraphOutcome Swap(ElementId node, PropertyValue? expected, PropertyValue? value, ulong index) =>
        _state.Apply(new GraphCommand(new CompareAndSetNodeProperty(node, "p", expected, value)), index);
}
