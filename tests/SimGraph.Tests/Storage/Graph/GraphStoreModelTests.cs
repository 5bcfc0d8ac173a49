using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

/// <summary>Random commands to the store, to GraphState and to the plain model: the same outcomes, answers and content.</summary>
public sealed class GraphStoreModelTests
{
    [Fact]
    public void Outcomes_answers_and_content_are_those_of_the_model_through_flushes_compactions_and_restarts()
    {
        Dictionary<GraphError, int> outcomes = [];
        GraphChoices.CheckAsync(tests: 200, sizeMax: 1500, async choices =>
        {
            GraphModel model = new();
            GraphState state = new(new NoProbes());
            await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
            for (ulong index = 1; choices.AreLeft; index++)
            {
                ElementId[] nodes = [.. model.Nodes.Select(node => node.Id)];
                ElementId[] edges = [.. model.Edges.Select(edge => edge.Id)];
                GraphCommand command = GraphScript.Command(choices, nodes, edges);
                (GraphError error, int failed, List<OperationResult> results) = model.Apply(command, index);
                GraphOutcome outcome = await store.ApplyAsync(command, index);
                Assert.Equal((error, failed), (outcome.Error, outcome.FailedOperation));
                Assert.Equal(results, outcome.Results);
                Assert.Equal(outcome, state.Apply(command, index));
                outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
                await MoveAsync(store, choices);
                for (int i = 0; i < 3; i++)
                {
                    GraphQuery query = GraphScript.Query(choices, nodes, edges);
                    Assert.Equal(state.Ask(query), await store.AskAsync(query));
                }

                if (choices.Next(8) == 0)
                {
                    await AssertContentAsync(store, model);
                }
            }

            await AssertContentAsync(store, model);
            await store.ReopenAsync(flush: false);
            await AssertContentAsync(store, model);
        });

        // The runs were worth something: the rarest of these happens dozens of times.
        Assert.All(
            [
                GraphError.None, GraphError.NoSuchNode, GraphError.NoSuchEdge, GraphError.WrongType, GraphError.Conflict, GraphError.NoSuchIndex,
                GraphError.IndexExists, GraphError.TooLarge,
            ],
            error => Assert.InRange(outcomes.GetValueOrDefault(error), 1, int.MaxValue));
    }

    [Fact]
    public void A_snapshot_stays_as_it_was_while_writes_go_on() => GraphChoices.CheckAsync(tests: 40, sizeMax: 1000, async choices =>
    {
        GraphState state = new(new NoProbes());
        List<(LsmSnapshot Snapshot, GraphState State, string[] Content)> taken = [];
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        for (ulong index = 1; choices.AreLeft; index++)
        {
            ElementId[] nodes = [.. state.ListNodes().Select(node => node.Id)];
            ElementId[] edges = [.. state.ListEdges().Select(edge => edge.Id)];
            GraphCommand command = GraphScript.Command(choices, nodes, edges);
            Assert.Equal(state.Apply(command, index), await store.ApplyAsync(command, index));
            switch (choices.Next(12))
            {
                case 0:
                    GraphState copy = GraphState.Read(GraphScript.Bytes(state.WriteSnapshot), index, new NoProbes());
                    taken.Add((store.Tree.TakeSnapshot(), copy, await store.ListAsync()));
                    break;
                case 1 when taken.Count > 2:
                    int released = choices.Next(taken.Count);
                    taken[released].Snapshot.Dispose();
                    taken.RemoveAt(released);
                    break;
                case 2:
                    await store.Tree.FlushAsync(CancellationToken.None);
                    break;
                case 3:
                    await store.Tree.CompactAsync(LsmRange.All, CancellationToken.None);
                    break;
            }

            if (taken.Count > 0)
            {
                (LsmSnapshot snapshot, GraphState then, _) = taken[choices.Next(taken.Count)];
                GraphQuery query = GraphScript.Query(choices, nodes, edges);
                Assert.Equal(then.Ask(query), await store.AskAsync(query, snapshot));
            }
        }

        foreach ((LsmSnapshot snapshot, _, string[] content) in taken)
        {
            Assert.Equal(content, await store.ListAsync(snapshot));
            snapshot.Dispose();
        }
    });

    [Fact]
    public void The_same_log_gives_the_same_digest_and_content_whatever_the_files() => GraphChoices.CheckAsync(tests: 20, sizeMax: 1500, async choices =>
    {
        GraphState state = new(new NoProbes());
        await using StoreUnderTest small = await StoreUnderTest.OpenAsync();
        await using StoreUnderTest large = await StoreUnderTest.OpenAsync(new LsmOptions());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            ElementId[] nodes = [.. state.ListNodes().Select(node => node.Id)];
            ElementId[] edges = [.. state.ListEdges().Select(edge => edge.Id)];
            GraphCommand command = GraphScript.Command(choices, nodes, edges);
            GraphOutcome outcome = state.Apply(command, index);
            Assert.Equal(outcome, await small.ApplyAsync(command, index));
            Assert.Equal(outcome, await large.ApplyAsync(command, index));
            Assert.Equal(small.Store.Digest, large.Store.Digest);
        }

        await small.ReopenAsync(flush: true);
        Assert.Equal(small.Store.Digest, large.Store.Digest);
        Assert.Equal(await large.ListAsync(), await small.ListAsync());
    });

    private static async Task MoveAsync(StoreUnderTest store, GraphChoices choices)
    {
        switch (choices.Next(16))
        {
            case 13:
                await store.Tree.FlushAsync(CancellationToken.None);
                break;
            case 14:
                await store.Tree.CompactAsync(LsmRange.All, CancellationToken.None);
                break;
            case 15:
                await store.ReopenAsync(flush: choices.Next(2) == 0);
                break;
        }
    }

    private static async Task AssertContentAsync(StoreUnderTest store, GraphModel model)
    {
        StoreContent expected = StoreContent.Of(model);
        Assert.Equal(expected.List(), await store.ListAsync());
        Assert.Equal(expected.Digest, store.Store.Digest);
        await store.AssertSoundAsync();
    }
}
