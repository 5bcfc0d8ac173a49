using SimGraph.Properties.Storage.Graph;
using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Queries;

/// <summary>Writes a random graph, and goes on changing it.</summary>
internal sealed class GraphWriter(QueryMachine machine)
{
    public static readonly string[] Names = ["a", "b", "name", "\u00E9"];

    private const int ChoicesPerCommand = 24;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(300);
    private readonly GraphState _model = new(new NoProbes());
    private readonly Random _random = machine.Platform.Random.Get("writer");

    /// <summary>Writes what is there from the beginning.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        machine.Remember(0, new GraphPicture([], []));
        var nodes = new GraphOperation[machine.Plan.Nodes];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new CreateNode(_random.Next(4) == 0 ? LabelSet.Empty : LabelSet.Of(Name(), Name()), PropertyMap.Empty);
        }

        await ApplyAsync(new GraphCommand(nodes), cancellation);
        if (machine.Plan.Edges > 0)
        {
            IReadOnlyList<GraphNode> there = _model.ListNodes();
            var edges = new GraphOperation[machine.Plan.Edges];
            for (int i = 0; i < edges.Length; i++)
            {
                // Few sources, so that some nodes have pages of neighbours and others are far away.
                ElementId from = there[_random.Next(1 + _random.Next(there.Count))].Id;
                edges[i] = new CreateEdge(from, there[_random.Next(there.Count)].Id, Name(), PropertyMap.Empty);
            }

            await ApplyAsync(new GraphCommand(edges), cancellation);
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan flushed = machine.Platform.Clock.Elapsed();
        while (!machine.IsEnding)
        {
            await machine.Platform.Clock.DelayAsync(QueryMachine.Below(_random, machine.Plan.WriteInterval), cancellation);
            int[] numbers = new int[ChoicesPerCommand];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = _random.Next(1 << 20);
            }

            GraphCommand command = new CommandMaker(
                numbers, [.. _model.ListNodes().Select(static node => node.Id)], [.. _model.ListEdges().Select(static edge => edge.Id)]).Make();
            try
            {
                await ApplyAsync(command, cancellation);
                if (machine.Platform.Clock.Elapsed() - flushed > FlushInterval)
                {
                    flushed = machine.Platform.Clock.Elapsed();
                    await machine.Graph.Tree.FlushAsync(cancellation);
                }
            }
            catch (Exception exception) when (machine.IsOfDisk(exception) || exception is LsmStalledException)
            {
                // The model is ahead now. Queries go on over what is there.
                return;
            }
        }
    }

    // The model goes first: from the moment in which the tree has the command, somebody may read it.
    private async Task ApplyAsync(GraphCommand command, CancellationToken cancellation)
    {
        machine.World.Count("query.writes");
        ulong index = machine.Graph.Applied + 1;
        GraphOutcome expected = _model.Apply(command, index);
        machine.Remember(index, new GraphPicture(_model.ListNodes(), _model.ListEdges()));
        GraphOutcome outcome = await machine.Graph.ApplyAsync(command, cancellation);
        machine.Check(expected.Equals(outcome), "outcome", $"command {index}, {command}: the store says {outcome}, the model {expected}");
        machine.Feeds.Publish(index, command, outcome);
    }

    private string Name() => Names[_random.Next(Names.Length)];
}
