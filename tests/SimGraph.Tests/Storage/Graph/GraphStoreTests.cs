using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

public sealed class GraphStoreTests
{
    private const int Limit = GraphLimits.SideEffectsPerCommandMax;
    private static readonly LsmOptions LargeTables = new();

    [Fact]
    public async Task Deleting_a_node_takes_its_edges_from_its_neighbours_and_from_every_index()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await store.ApplyAsync(new GraphCommand(new DefineIndex(ElementKind.Edge, "since"), new DefineIndex(ElementKind.Node, "name")), 1);
        GraphOutcome created = await store.ApplyAsync(
            new GraphCommand(
                Node("a"), Node("b"), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1)),
                Edge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(0)), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(0)),
                Edge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(1))),
            2);
        ElementId[] ids = [.. created.Results.Select(result => result.Element)];
        await store.ReopenAsync(flush: true);
        Assert.True((await store.ApplyAsync(new GraphCommand(new DeleteNode(ids[0])), 3)).IsApplied);
        Assert.Equal(new NeighboursAnswer([new Neighbour(ids[5], "T", ids[1])], More: false), await store.AskAsync(new Neighbours(ids[1])));
        Assert.Equal(new ElementsAnswer([ids[5]], More: false), await store.AskAsync(new FindEdgesByType("T")));
        Assert.Equal(
            new ElementsAnswer([ids[5]], More: false),
            await store.AskAsync(new FindByProperty(ElementKind.Edge, "since", PropertyCondition.Exactly(PropertyValue.From(7L)))));
        Assert.Equal(
            new ElementsAnswer([ids[1]], More: false),
            await store.AskAsync(new FindByProperty(ElementKind.Node, "name", PropertyCondition.StartsWith(PropertyValue.From("")))));
        Assert.Equal((1, 1), (store.Store.NodeCount, store.Store.EdgeCount));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_cascade_is_bounded_and_refused_at_the_same_operation_as_by_the_model()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(LargeTables);
        GraphState state = new(new NoProbes());
        ulong index = 0;
        async Task<GraphOutcome> BothAsync(params GraphOperation[] operations)
        {
            GraphCommand command = new(operations);
            GraphOutcome expected = state.Apply(command, ++index);
            GraphOutcome outcome = await store.ApplyAsync(command, index);
            Assert.Equal(expected, outcome);
            return outcome;
        }

        GraphOutcome ends = await BothAsync(Node("hub"), Node("other"), Node("third"));
        ElementId hub = ends.Results[0].Element;
        ElementId other = ends.Results[1].Element;
        List<ElementId> edges = [];
        while (edges.Count < Limit + 2)
        {
            GraphOperation[] some = [.. Enumerable.Range(0, Math.Min(4096, Limit + 2 - edges.Count)).Select(i => Edge(hub, i % 2 == 0 ? hub : other))];
            edges.AddRange((await BothAsync(some)).Results.Select(result => result.Element));
        }

        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 0), await BothAsync(new DeleteNode(hub)));
        Assert.Equal(GraphOutcome.Failed(GraphError.NoSuchEdge, 0), await BothAsync(new DeleteEdge(new ElementId(1)), new DeleteNode(hub)));
        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 1), await BothAsync(new DeleteEdge(edges[0]), new DeleteNode(hub), new DeleteNode(other)));
        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 2), await BothAsync(Node("x"), new DeleteNode(other), new DeleteNode(hub)));
        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 0), await BothAsync(new DefineIndex(ElementKind.Edge, "since")));

        // Two edges go by themselves, so the rest is within the limit; and an index on what is left then is, too.
        Assert.Equal(
            GraphOutcome.Failed(GraphError.TooLarge, 4),
            await BothAsync(
                new DeleteEdge(edges[0]), new DeleteEdge(edges[1]), new DeleteNode(hub), new DefineIndex(ElementKind.Edge, "since"),
                new DefineIndex(ElementKind.Node, "name")));
        Assert.True((await BothAsync(new DeleteEdge(edges[0]), new DeleteEdge(edges[1]), new DeleteNode(hub))).IsApplied);
        Assert.Equal((2, 0), (store.Store.NodeCount, store.Store.EdgeCount));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task What_one_command_rewrites_is_bounded()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(LargeTables);
        GraphState state = new(new NoProbes());
        PropertyValue large = PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax]);
        List<ElementId> nodes = [];
        ulong index = 0;
        for (; nodes.Count < 12; index++)
        {
            GraphCommand create = new(new CreateNode(
                LabelSet.Empty, PropertyMap.Of([.. Enumerable.Range(0, 15).Select(i => ($"p{i}", large))])));
            Assert.Equal(state.Apply(create, index + 1), await store.ApplyAsync(create, index + 1));
            nodes.Add(ElementId.Of(index + 1, 0));
        }

        GraphOperation[] operations =
        [
            .. nodes.Take(6).SelectMany(node => Enumerable.Repeat<GraphOperation>(new IncrementNodeProperty(node, "n", 1), 20)),
            new AddLabel(nodes[6], "L"), new RemoveLabel(nodes[7], "none"), new DeleteNode(nodes[8]), new AddLabel(nodes[9], "L"),
        ];
        GraphCommand command = new(operations);
        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 123), state.Apply(command, ++index));
        Assert.Equal(GraphOutcome.Failed(GraphError.TooLarge, 123), await store.ApplyAsync(command, index));
        command = new GraphCommand(operations.AsSpan(0, operations.Length - 1));
        Assert.Equal(state.Apply(command, ++index), await store.ApplyAsync(command, index));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Pages_join_to_the_whole_for_every_query()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        List<GraphOperation> operations = [new DefineIndex(ElementKind.Node, "n"), Node("a")];
        for (int i = 0; i < 100; i++)
        {
            operations.Add(new CreateNode(LabelSet.Of("M"), PropertyMap.Of(("n", PropertyValue.From((long)(i % 7))))));
            operations.Add(new CreateEdge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(1), $"T{i % 3}", PropertyMap.Empty));
        }

        GraphOutcome outcome = await store.ApplyAsync(new GraphCommand([.. operations]), 1);
        ElementId[] nodes = [.. Enumerable.Range(0, 100).Select(i => outcome.Results[2 + (2 * i)].Element)];
        ElementId[] edges = [.. Enumerable.Range(0, 100).Select(i => outcome.Results[3 + (2 * i)].Element)];
        Assert.Equal(nodes, await PagesAsync(store, after => new FindByLabel("M", after, 7)));
        Assert.Equal(edges.Where((_, i) => i % 3 == 1), await PagesAsync(store, after => new FindEdgesByType("T1", after, 7)));
        foreach (EdgeDirection direction in new[] { EdgeDirection.Outgoing, EdgeDirection.Incoming, EdgeDirection.Both })
        {
            Assert.Equal(edges, await PagesAsync(store, after => new Neighbours(ElementId.Of(1, 1), direction, null, after, 7)));
            Assert.Equal(
                edges.Where((_, i) => i % 3 == 2), await PagesAsync(store, after => new Neighbours(ElementId.Of(1, 1), direction, "T2", after, 7)));
        }

        List<ElementId> found = [];
        PropertyPosition? next = null;
        do
        {
            FindByProperty query = new(
                ElementKind.Node, "n", PropertyCondition.Between(PropertyValue.From(2L), PropertyValue.From(5L), includesFrom: false, includesTo: true), next, 7);
            ElementsAnswer page = Assert.IsType<ElementsAnswer>(await store.AskAsync(query));
            found.AddRange(page.Elements);
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(nodes.Select((id, i) => (Id: id, N: i % 7)).Where(node => node.N is > 2 and <= 5).OrderBy(node => node.N).Select(node => node.Id), found);
    }

    [Fact]
    public async Task The_last_of_all_ids_has_nothing_behind_it()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await store.ApplyAsync(new GraphCommand(new DefineIndex(ElementKind.Node, "name"), Node("a")), 1);
        ElementId last = new(ulong.MaxValue);
        Assert.Equal(new ElementsAnswer([], false), await store.AskAsync(new FindByLabel("L", last)));
        Assert.Equal(new ElementsAnswer([], false), await store.AskAsync(new FindEdgesByType("T", last)));
        Assert.Equal(new NeighboursAnswer([], false), await store.AskAsync(new Neighbours(ElementId.Of(1, 1), After: last)));
        PropertyCondition any = PropertyCondition.StartsWith(PropertyValue.From(""));
        Assert.Equal(
            new ElementsAnswer([], false),
            await store.AskAsync(new FindByProperty(ElementKind.Node, "name", any, new PropertyPosition(PropertyValue.From("a"), last))));
        Assert.Equal(
            new ElementsAnswer([ElementId.Of(1, 1)], false),
            await store.AskAsync(new FindByProperty(ElementKind.Node, "name", any, new PropertyPosition(PropertyValue.From("Z"), last))));
    }

    [Fact]
    public async Task An_index_that_is_dropped_and_defined_again_holds_what_is_there_now()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await store.ApplyAsync(new GraphCommand(new DefineIndex(ElementKind.Node, "name"), Node("a"), Node("b")), 1);
        await store.Tree.FlushAsync(CancellationToken.None);
        GraphCommand command = new(
            new DropIndex(ElementKind.Node, "name"), new SetNodeProperty(ElementId.Of(1, 1), "name", PropertyValue.From("c")), new DeleteNode(ElementId.Of(1, 2)),
            new DefineIndex(ElementKind.Node, "name"), Node("d"));
        Assert.True((await store.ApplyAsync(command, 2)).IsApplied);
        await store.AssertSoundAsync();
        await store.ApplyAsync(new GraphCommand(new DropIndex(ElementKind.Node, "name")), 3);
        Assert.DoesNotContain(await store.ListAsync(), pair => pair[0] is 'P' or 'D');
        await store.AssertSoundAsync();
        Assert.Equal(
            new FailedAnswer(GraphError.NoSuchIndex),
            await store.AskAsync(new FindByProperty(ElementKind.Node, "name", PropertyCondition.Exactly(PropertyValue.From("c")))));
    }

    [Fact]
    public async Task The_caller_adds_its_own_keys_to_the_same_batch()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        WriteBatch batch = new();
        batch.Put("A"u8, "5"u8);
        GraphOutcome outcome = await store.Store.PrepareAsync(
            new GraphCommand(Node("a"), new DeleteEdge(new ElementId(77))), 5, batch, CancellationToken.None);
        Assert.Equal(GraphOutcome.Failed(GraphError.NoSuchEdge, 1), outcome);
        Assert.Equal(1, batch.Count);
        Assert.True((await store.Store.PrepareAsync(new GraphCommand(Node("a")), 5, batch, CancellationToken.None)).IsApplied);
        Assert.Equal(0, store.Store.NodeCount);
        await store.Tree.ApplyAsync(batch, 5, CancellationToken.None);
        store.Store.Applied();
        Assert.Equal(1, store.Store.NodeCount);
        Assert.True((await store.Tree.GetAsync("A"u8.ToArray(), null, CancellationToken.None)).Found);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_batch_that_was_prepared_and_never_applied_leaves_no_trace()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await store.ApplyAsync(new GraphCommand(Node("a")), 1);
        UInt128 digest = store.Store.Digest;
        Assert.True((await store.Store.PrepareAsync(new GraphCommand(Node("b")), 2, new WriteBatch(), CancellationToken.None)).IsApplied);
        Assert.Equal(digest, store.Store.Digest);
        Assert.True((await store.ApplyAsync(new GraphCommand(Node("c")), 3)).IsApplied);
        Assert.Equal(2, store.Store.NodeCount);
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_read_that_fails_leaves_the_batch_and_the_store_as_they_were()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(StoreUnderTest.SmallTables with { BlockCacheBytes = 0 });
        await store.ApplyAsync(
            new GraphCommand(Node("a"), Node("b"), Edge(ElementReference.CreatedBy(0), ElementReference.CreatedBy(1))), 1);
        await store.ReopenAsync(flush: true);
        GraphCommand command = new(
            new SetNodeProperty(ElementId.Of(1, 1), "name", PropertyValue.From("c")), Node("d"), new DeleteNode(ElementId.Of(1, 0)));
        string[] before = await store.ListAsync();
        WriteBatch batch = new();
        batch.Put("A"u8, "2"u8);
        int failures = 0;
        bool done = false;
        for (int n = 1; !done; n++)
        {
            store.Disk.FailAt = store.Disk.Calls + n;
            try
            {
                Assert.True((await store.Store.PrepareAsync(command, 2, batch, CancellationToken.None)).IsApplied);
                done = true;
            }
            catch (DiskException)
            {
                failures++;
                Assert.Equal(1, batch.Count);
            }
        }

        store.Disk.FailAt = 0;
        Assert.InRange(failures, 3, 1000);
        Assert.Equal(before, await store.ListAsync());
        await store.Tree.ApplyAsync(batch, 2, CancellationToken.None);
        store.Store.Applied();
        Assert.Equal((2, 0), (store.Store.NodeCount, store.Store.EdgeCount));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_store_that_was_not_loaded_and_an_index_without_room_for_ids_break_an_invariant()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        GraphStore unloaded = new(store.Tree, store.Platform);
        await Assert.ThrowsAsync<InvariantViolationException>(
            async () => await unloaded.PrepareAsync(new GraphCommand(Node("a")), 1, new WriteBatch(), CancellationToken.None));
        await Assert.ThrowsAsync<InvariantViolationException>(
            async () => await store.Store.PrepareAsync(new GraphCommand(Node("a")), 0, new WriteBatch(), CancellationToken.None));
    }

    internal static CreateNode Node(string name) => new(LabelSet.Of("L"), PropertyMap.Of(("name", PropertyValue.From(name))));

    internal static CreateEdge Edge(ElementReference from, ElementReference to) =>
        new(from, to, "T", PropertyMap.Of(("since", PropertyValue.From(7L))));

    private static async Task<ElementId[]> PagesAsync(StoreUnderTest store, Func<ElementId, GraphQuery> query)
    {
        List<ElementId> seen = [];
        bool more = true;
        while (more)
        {
            GraphAnswer page = await store.AskAsync(query(seen.LastOrDefault()));
            more = page is NeighboursAnswer { More: true } or ElementsAnswer { More: true };
            seen.AddRange(page is NeighboursAnswer neighbours ? neighbours.Neighbours.Select(neighbour => neighbour.Edge) : ((ElementsAnswer)page).Elements);
        }

        return [.. seen];
    }
}
