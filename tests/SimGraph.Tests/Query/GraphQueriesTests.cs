using SimGraph.Properties.Queries;
using SimGraph.Properties.Storage.Graph;
using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Query;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Query;

/// <summary>On pool threads and small tables: sequential and parallel answers are those of the model, from one state.</summary>
public sealed class GraphQueriesTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly QueryOptions Small = new() { PageSize = 3, Stream = new StreamOptions { Capacity = 4 } };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sequential_and_parallel_answers_are_the_models_and_of_one_state(int seed)
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await using var scope = new TaskScope(store.Platform.Tasks, "queries");
        var model = new GraphState(new NoProbes());
        var random = new Random(seed);
        ulong index = await WriteAsync(store, model, random, 0, 120);
        var pool = new WorkerPool(store.Platform, scope, new WorkerPoolOptions { Workers = 3, QueueMax = 2 });
        var queries = new GraphQueries(scope, Small);
        using var view = new GraphView(store.Store);
        Assert.Equal(index, view.Index);
        IReadOnlyList<GraphNode> nodes = model.ListNodes();
        var picture = new GraphPicture(nodes, model.ListEdges());

        // Whatever is written now is not in the view.
        await WriteAsync(store, model, random, index, 60);
        await store.Tree.FlushAsync(None);

        Assert.Equal(nodes, await queries.Nodes(view).CollectAsync(10_000, None));
        Assert.Equal(nodes.Where(node => node.Labels.Contains("a")), await queries.NodesWithLabel(view, "a").CollectAsync(10_000, None));
        Assert.Equal(picture.CountByLabel(), await queries.CountByLabelAsync(view, None));
        Assert.Equal(picture.CountByLabel(), await queries.CountByLabelAsync(view, pool, None));
        foreach (GraphNode start in nodes.Take(10))
        {
            foreach (EdgeDirection direction in new[] { EdgeDirection.Outgoing, EdgeDirection.Incoming, EdgeDirection.Both })
            {
                var traversal = new TraversalOptions(random.Next(6), direction, random.Next(2) == 0 ? "a" : null);
                List<string> expected = picture.DescribeTraversal(start.Id, traversal);
                Assert.Equal(expected, (await queries.Traverse(view, start.Id, traversal).CollectAsync(10_000, None)).Select(GraphPicture.Describe));
                Assert.Equal(expected, (await queries.Traverse(view, start.Id, traversal, pool).CollectAsync(10_000, None)).Select(GraphPicture.Describe));
            }
        }
    }

    [Fact]
    public async Task A_traversal_from_nowhere_and_one_too_large_say_so()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await using var scope = new TaskScope(store.Platform.Tasks, "queries");
        var operations = new GraphOperation[11];
        operations[0] = new CreateNode(LabelSet.Of("a", "b"), PropertyMap.Empty);
        for (int i = 1; i < operations.Length; i += 2)
        {
            operations[i] = new CreateNode(LabelSet.Empty, PropertyMap.Empty);
            operations[i + 1] = new CreateEdge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(i), "t", PropertyMap.Empty);
        }

        await store.ApplyAsync(new GraphCommand(operations), 1);
        using var view = new GraphView(store.Store);
        var queries = new GraphQueries(scope, Small with { VisitedMax = 5, GroupsMax = 1 });
        await Assert.ThrowsAsync<NodeNotFoundException>(() => queries.Traverse(view, new ElementId(9), new TraversalOptions(1)).CountAsync(None));
        await Assert.ThrowsAsync<QueryLimitException>(() => queries.Traverse(view, ElementId.Of(1, 0), new TraversalOptions(1)).CountAsync(None));
        await Assert.ThrowsAsync<QueryLimitException>(() => queries.CountByLabelAsync(view, None));
        var larger = new GraphQueries(scope, Small with { VisitedMax = 6 });
        Assert.Equal(6, await larger.Traverse(view, ElementId.Of(1, 0), new TraversalOptions(1)).CountAsync(None));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 16)]
    [InlineData(5, 4)]
    [InlineData(1_000_000, 7)]
    [InlineData(ElementId.LogIndexMax, 3)]
    public void Ranges_have_every_id_once(ulong index, int count)
    {
        (ElementId First, ElementId Last)[] ranges = GraphQueries.Split(index, count);
        Assert.Equal(count, ranges.Length);
        Assert.Equal(0ul, ranges[0].First.Value);
        Assert.Equal(ulong.MaxValue, ranges[^1].Last.Value);
        for (int i = 1; i < count; i++)
        {
            Assert.Equal(ranges[i].First.Value, ranges[i - 1].Last.Value + 1);
        }
    }

    private static async Task<ulong> WriteAsync(StoreUnderTest store, GraphState model, Random random, ulong after, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int[] numbers = [.. Enumerable.Range(0, 24).Select(_ => random.Next(1 << 20))];
            GraphCommand command = new CommandMaker(
                numbers, [.. model.ListNodes().Select(static node => node.Id)], [.. model.ListEdges().Select(static edge => edge.Id)]).Make();
            after++;
            model.Apply(command, after);
            await store.ApplyAsync(command, after);
        }

        return after;
    }
}
