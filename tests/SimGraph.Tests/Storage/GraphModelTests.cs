using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class GraphModelTests
{
    [Fact]
    public void Random_batches_give_what_the_model_gives()
    {
        Dictionary<GraphError, int> outcomes = [];
        GraphProbes probes = new();
        GraphChoices.Check(tests: 100, sizeMax: 2000, choices =>
        {
            GraphModel model = new();
            GraphState state = new(probes);
            for (ulong index = 1; choices.AreLeft; index++)
            {
                GraphCommand command = GraphScript.Command(choices, Ids(model.Nodes), Ids(model.Edges));
                byte[] before = GraphScript.Bytes(state.WriteSnapshot);
                (GraphError error, int failed, List<OperationResult> results) = model.Apply(command, index);
                GraphOutcome outcome = state.Apply(command, index);
                Assert.Equal(error, outcome.Error);
                Assert.Equal(failed, outcome.FailedOperation);
                Assert.Equal(results, outcome.Results);
                AssertSame(model, state);
                if (!outcome.IsApplied)
                {
                    Assert.Equal(before, GraphScript.Bytes(state.WriteSnapshot));
                }

                outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
            }
        });

        // The runs were worth something: each of these happens hundreds of times.
        Assert.All(
            [GraphError.None, GraphError.NoSuchNode, GraphError.NoSuchEdge, GraphError.WrongType, GraphError.Conflict],
            error => Assert.InRange(outcomes.GetValueOrDefault(error), 10, int.MaxValue));
        Assert.Contains("graph.cascade-delete", probes.Reached);
    }

    [Fact]
    public void Adjacency_is_exactly_the_edges() => GraphChoices.Check(tests: 100, sizeMax: 2000, choices =>
    {
        GraphState state = new(new NoProbes());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            state.Apply(GraphScript.Command(choices, Ids(state.ListNodes()), Ids(state.ListEdges())), index);
            IReadOnlyList<GraphEdge> edges = state.ListEdges();
            foreach (GraphNode node in state.ListNodes())
            {
                Assert.Equal(edges.Where(edge => edge.From == node.Id), state.ListEdges(node.Id, EdgeDirection.Outgoing));
                Assert.Equal(edges.Where(edge => edge.To == node.Id), state.ListEdges(node.Id, EdgeDirection.Incoming));
                Assert.Equal(edges.Where(edge => edge.From == node.Id || edge.To == node.Id), state.ListEdges(node.Id, EdgeDirection.Both));
            }

            Assert.All(edges, edge => Assert.True(state.FindNode(edge.From) is not null && state.FindNode(edge.To) is not null));
            Assert.Equal(edges.Count, state.EdgeCount);
        }
    });

    [Fact]
    public void Queries_give_what_the_model_gives() => GraphChoices.Check(tests: 100, sizeMax: 2000, choices =>
    {
        GraphModel model = new();
        GraphState state = new(new NoProbes());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            GraphCommand command = GraphScript.Command(choices, Ids(model.Nodes), Ids(model.Edges));
            model.Apply(command, index);
            state.Apply(command, index);
            GraphQuery query = GraphScript.Query(choices, Ids(model.Nodes), Ids(model.Edges));
            Assert.Equal(Expected(model, query), state.Ask(query));
        }
    });

    [Fact]
    public void Incremental_digest_equals_the_one_computed_from_scratch() => GraphChoices.Check(tests: 100, sizeMax: 2000, choices =>
    {
        GraphState state = new(new NoProbes());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            state.Apply(GraphScript.Command(choices, Ids(state.ListNodes()), Ids(state.ListEdges())), index);
            Assert.Equal(GraphState.Read(GraphScript.Bytes(state.WriteSnapshot), index, new NoProbes()).Digest, state.Digest);
        }
    });

    [Fact]
    public void Digest_and_snapshot_change_together() => GraphChoices.Check(tests: 100, sizeMax: 1000, choices =>
    {
        GraphState state = new(new NoProbes());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            UInt128 digest = state.Digest;
            ulong hash = state.Hash;
            byte[] snapshot = GraphScript.Bytes(state.WriteSnapshot);
            state.Apply(GraphScript.Command(choices, Ids(state.ListNodes()), Ids(state.ListEdges())), index);
            bool same = snapshot.AsSpan().SequenceEqual(GraphScript.Bytes(state.WriteSnapshot));
            Assert.Equal(same, digest == state.Digest);
            Assert.Equal(same, hash == state.Hash);
        }
    });

    private static ElementId[] Ids(IEnumerable<GraphModel.Node> nodes) => [.. nodes.Select(node => node.Id)];

    private static ElementId[] Ids(IEnumerable<GraphModel.Edge> edges) => [.. edges.Select(edge => edge.Id)];

    private static ElementId[] Ids(IEnumerable<GraphNode> nodes) => [.. nodes.Select(node => node.Id)];

    private static ElementId[] Ids(IEnumerable<GraphEdge> edges) => [.. edges.Select(edge => edge.Id)];

    private static GraphNode ToNode(GraphModel.Node node) =>
        new(node.Id, LabelSet.Of(node.Labels), PropertyMap.Of([.. node.Properties.Select(pair => (pair.Key, pair.Value))]));

    private static GraphEdge ToEdge(GraphModel.Edge edge) =>
        new(edge.Id, edge.From, edge.To, edge.Type, PropertyMap.Of([.. edge.Properties.Select(pair => (pair.Key, pair.Value))]));

    private static void AssertSame(GraphModel model, GraphState state)
    {
        Assert.Equal(model.Nodes.Select(ToNode), state.ListNodes());
        Assert.Equal(model.Edges.Select(ToEdge), state.ListEdges());
        Assert.Equal(model.Nodes.Count, state.NodeCount);
        Assert.Equal(model.Indexes, state.ListIndexes());
    }

    private static ElementsAnswer Page(IEnumerable<ElementId> ids, int limit) => new([.. ids.Take(limit)], ids.Count() > limit);

    private static GraphAnswer Expected(GraphModel model, FindByProperty query)
    {
        if (!model.Indexes.Contains(new IndexDefinition(query.Target, query.Key)))
        {
            return new FailedAnswer(GraphError.NoSuchIndex);
        }

        Comparer<PropertyPosition> order = Comparer<PropertyPosition>.Create((left, right) =>
            PropertyOrder.Compare(left.Value, right.Value) is var value && value != 0 ? value : left.Element.CompareTo(right.Element));
        PropertyPosition[] all =
        [
            .. (query.Target == ElementKind.Node
                    ? model.Nodes.Select(node => (node.Id, node.Properties))
                    : model.Edges.Select(edge => (edge.Id, edge.Properties)))
                .Where(element => element.Properties.ContainsKey(query.Key))
                .Select(element => new PropertyPosition(element.Properties[query.Key], element.Id))
                .Where(position => query.Condition.IsMetBy(position.Value))
                .Where(position => query.After is not { } after || order.Compare(position, after) > 0)
                .Order(order),
        ];
        return new ElementsAnswer(
            [.. all.Take(query.Limit).Select(position => position.Element)],
            all.Length > query.Limit,
            all.Length > query.Limit ? all[query.Limit - 1] : null);
    }

    private static GraphAnswer Expected(GraphModel model, GraphQuery query)
    {
        switch (query)
        {
            case GetNode get:
                return new NodeAnswer(model.Nodes.Where(node => node.Id == get.Node).Select(ToNode).SingleOrDefault());
            case GetEdge get:
                return new EdgeAnswer(model.Edges.Where(edge => edge.Id == get.Edge).Select(ToEdge).SingleOrDefault());
            case CountNodes count:
                return new CountAnswer(model.Nodes.Count(node => count.Label is null || node.Labels.Contains(count.Label)));
            case Neighbours neighbours when model.Nodes.Exists(node => node.Id == neighbours.Node):
                Neighbour[] all =
                [
                    .. model.Edges
                        .Where(edge => (edge.From == neighbours.Node && neighbours.Direction != EdgeDirection.Incoming)
                            || (edge.To == neighbours.Node && neighbours.Direction != EdgeDirection.Outgoing))
                        .Where(edge => edge.Id > neighbours.After && (neighbours.Type is null || edge.Type == neighbours.Type))
                        .Select(edge => new Neighbour(edge.Id, edge.Type, edge.From == neighbours.Node ? edge.To : edge.From)),
                ];
                return new NeighboursAnswer([.. all.Take(neighbours.Limit)], all.Length > neighbours.Limit);
            case FindByLabel find:
                return Page(model.Nodes.Where(node => node.Labels.Contains(find.Label) && node.Id > find.After).Select(node => node.Id), find.Limit);
            case FindEdgesByType find:
                return Page(model.Edges.Where(edge => edge.Type == find.Type && edge.Id > find.After).Select(edge => edge.Id), find.Limit);
            case FindByProperty find:
                return Expected(model, find);
            default:
                return new FailedAnswer(GraphError.NoSuchNode);
        }
    }
}
