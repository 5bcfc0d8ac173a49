// One client: a GraphClient over real sockets that does one operation after the other and writes down what it was told. An unknown outcome stays open in the history for
// ever, and the client goes on. Now and then it has little patience, so that outcomes do become unknown.

using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Replication.Client;
using SimGraph.Runtime.Production;
using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster.Work;

/// <summary>A client of the real cluster.</summary>
internal sealed class RealClient
{
    private const string LinkType = "owns";
    private const string NameKey = "name";
    private const int ItemsPerRoot = 25;
    private const int RootsReadAmong = 4;
    private const int ImpatientPercent = 10;
    private readonly int _number;
    private readonly RealClusterOptions _options;
    private readonly GraphClient _client;
    private readonly Acknowledgements _acknowledgements;
    private readonly Counts _counts;
    private readonly Random _random;
    private (ElementId Node, string Name, int Items)? _root;
    private long _values;
    private int _items;

    public RealClient(int number, RealClusterOptions options, ClientOptions reach, string folder, Acknowledgements acknowledgements, Counts counts)
    {
        _number = number;
        _options = options;
        _acknowledgements = acknowledgements;
        _counts = counts;
        _random = new Random((options.Seed * 1_000) + number);
        var platform = new ProductionPlatform(
            string.Create(CultureInfo.InvariantCulture, $"client-{number}"), new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance);
        _client = new GraphClient(platform, reach);
    }

    /// <summary>Ends the client.</summary>
    public Task StopAsync() => _client.StopAsync();

    /// <summary>Works on the objects of a round until it is told to stop; ends the operation that it has begun.</summary>
    public async Task WorkAsync(Round round, CancellationToken stop)
    {
        _root = null;
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(round);
            if (_options.ThinkTimeMax > TimeSpan.Zero)
            {
                await Task.Delay(_options.ThinkTimeMax * _random.NextDouble(), CancellationToken.None);
            }
        }
    }

    /// <summary>Creates nodes, whatever it takes; nothing of it is in a history.</summary>
    public async Task<IReadOnlyList<ElementId>> CreateAsync(int count)
    {
        var operations = new GraphOperation[count];
        Array.Fill(operations, new CreateNode(LabelSet.Of("shared"), PropertyMap.Empty));
        while (true)
        {
            try
            {
                GraphOutcome outcome = await _client.WriteAsync(new GraphCommand(operations), CancellationToken.None);
                return [.. outcome.Results.Select(static result => result.Element)];
            }
            catch (OutcomeUnknownException)
            {
                // Nodes that nobody knows of harm nobody.
            }
        }
    }

    /// <summary>Reads everything of a round, as its last operations, and remembers it for the end of the run.</summary>
    public async Task FinishAsync(Round round)
    {
        foreach (Cell cell in round.Cells)
        {
            cell.Final = await ReadCellAsync(round, cell, CancellationToken.None)
                ?? throw new ClusterFailureException($"round {round.Number}: {cell.NodeName}.{cell.Key} cannot be read although no fault is left");
        }

        foreach ((ElementId node, string name) in round.Roots)
        {
            IReadOnlyList<ElementId> items = await ReadItemsAsync(round, node, name, CancellationToken.None)
                ?? throw new ClusterFailureException($"round {round.Number}: the items of {name} cannot be read although no fault is left");
            foreach (ElementId item in items)
            {
                string itemName = await NameOfAsync(item);
                round.History.Name(item, itemName);
                round.Found(itemName, item);
            }
        }
    }

    /// <summary>The name property of an item as it is stored.</summary>
    public static string? NameIn(GraphAnswer answer) =>
        answer is NodeAnswer { Node: { } node } && node.Properties.TryGet(NameKey, out PropertyValue name) ? name.AsText() : null;

    private Task StepAsync(Round round)
    {
        TimeSpan patience = _random.Next(100) < ImpatientPercent ? _options.ElectionTimeout * (0.05 + (0.5 * _random.NextDouble())) : TimeSpan.FromMinutes(5);
        return _random.Next(100) switch
        {
            < 25 => AddAsync(round, round.Use(isCounter: true, _random), patience),
            < 40 => ReadCellAsync(round, round.Use(isCounter: true, _random), patience),
            < 60 => SetAsync(round, round.Use(isCounter: false, _random), patience),
            < 75 => ReadCellAsync(round, round.Use(isCounter: false, _random), patience),
            < 90 => CreateItemAsync(round, patience),
            _ => round.AnyRoot(_random, RootsReadAmong) is { } root ? ReadItemsAsync(round, root, patience) : CreateItemAsync(round, patience),
        };
    }

    private async Task AddAsync(Round round, Cell cell, TimeSpan patience)
    {
        long amount = _random.Next(1, 10);
        await WriteAsync(
            round,
            new GraphCommand(new IncrementNodeProperty(cell.Node, cell.Key, amount)),
            new GraphAction(GraphActionKind.Add, cell.NodeName, cell.Key) { Argument = amount },
            patience,
            () => cell.MayBecome(amount));
    }

    private async Task SetAsync(Round round, Cell cell, TimeSpan patience)
    {
        // A value is written once, so that a read tells whose it saw.
        long value = (++_values * 100) + _number;
        await WriteAsync(
            round,
            new GraphCommand(new SetNodeProperty(cell.Node, cell.Key, PropertyValue.From(value))),
            new GraphAction(GraphActionKind.Set, cell.NodeName, cell.Key) { Argument = value },
            patience,
            () => cell.MayBecome(value));
    }

    private async Task CreateItemAsync(Round round, TimeSpan patience)
    {
        if (_root is not { Items: < ItemsPerRoot } root)
        {
            ElementId node = (await CreateAsync(1))[0];
            root = (node, round.AddRoot(node), 0);
        }

        _root = root with { Items = root.Items + 1 };
        string name = string.Create(CultureInfo.InvariantCulture, $"c{_number}-{_items++}");
        GraphOutcome? outcome = await WriteAsync(
            round,
            new GraphCommand(
                new CreateNode(LabelSet.Of("item"), PropertyMap.Of((NameKey, PropertyValue.From(name)))),
                new CreateEdge(root.Node, ElementReference.CreatedBy(0), LinkType, PropertyMap.Empty)),
            new GraphAction(GraphActionKind.Create, name) { Other = root.Name },
            patience,
            static () => { });
        if (outcome is not null)
        {
            round.History.Name(outcome.Results[0].Element, name);
        }
    }

    private async Task<GraphOutcome?> WriteAsync(Round round, GraphCommand command, GraphAction action, TimeSpan patience, Action onUnknown)
    {
        _counts.Operation();
        using var deadline = new CancellationTokenSource(patience);
        int operation = round.History.Call(_number, action);
        long calledAt = Stopwatch.GetTimestamp();
        try
        {
            GraphOutcome outcome = await _client.WriteAsync(command, deadline.Token);
            if (!outcome.IsApplied)
            {
                throw new ClusterFailureException($"round {round.Number}: client {_number}: '{command}' ended with {outcome}");
            }

            _acknowledgements.Add(calledAt, Stopwatch.GetTimestamp());
            round.History.Return(operation, action.Kind == GraphActionKind.Add ? action.Answered(outcome.Results[0].Value) : action.Done());
            _counts.AcknowledgedWrite();
            return outcome;
        }
        catch (OutcomeUnknownException)
        {
            _counts.UnknownWrite();
            onUnknown();
            round.History.GaveUp(operation);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            _counts.NotAppliedWrite();
            round.History.NotApplied(operation);
        }

        return null;
    }

    private async Task ReadCellAsync(Round round, Cell cell, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        await ReadCellAsync(round, cell, deadline.Token);
    }

    private async Task<long?> ReadCellAsync(Round round, Cell cell, CancellationToken deadline)
    {
        var action = new GraphAction(GraphActionKind.Get, cell.NodeName, cell.Key);
        int operation = round.History.Call(_number, action);
        GraphAnswer? answer = await ReadAsync(new GetNode(cell.Node), deadline);
        if (answer is null)
        {
            round.History.NotApplied(operation);
            return null;
        }

        if (answer is not NodeAnswer { Node: { } found })
        {
            throw new ClusterFailureException($"round {round.Number}: node {cell.Node}, whose creation was acknowledged, is not there: {answer}");
        }

        long value = ValueIn(found, cell.Key);
        round.History.Return(operation, action.Answered(value));
        return value;
    }

    /// <summary>A number property; 0 if it was never set.</summary>
    public static long ValueIn(GraphNode node, string key) => node.Properties.TryGet(key, out PropertyValue value) ? value.AsInt64() : 0;

    private async Task ReadItemsAsync(Round round, (ElementId Node, string Name) root, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        await ReadItemsAsync(round, root.Node, root.Name, deadline.Token);
    }

    private async Task<IReadOnlyList<ElementId>?> ReadItemsAsync(Round round, ElementId root, string name, CancellationToken deadline)
    {
        int operation = round.History.Call(_number, new GraphAction(GraphActionKind.Neighbours, name));
        if (await ReadAsync(new Neighbours(root, EdgeDirection.Outgoing, LinkType), deadline) is not NeighboursAnswer { More: false } answer)
        {
            round.History.NotApplied(operation);
            return null;
        }

        ElementId[] nodes = [.. answer.Neighbours.Select(static neighbour => neighbour.Node)];
        round.History.Return(operation, nodes);
        return nodes;
    }

    private async Task<string> NameOfAsync(ElementId item) =>
        NameIn(await ReadAsync(new GetNode(item), CancellationToken.None) ?? throw new ClusterFailureException($"item {item} cannot be read although no fault is left"))
        ?? throw new ClusterFailureException($"item {item} is linked, and is not there");

    private async Task<GraphAnswer?> ReadAsync(GraphQuery query, CancellationToken deadline)
    {
        _counts.Operation();
        try
        {
            GraphAnswer answer = await _client.ReadAsync(query, deadline);
            _counts.AnsweredRead();
            return answer;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            _counts.UnansweredRead();
            return null;
        }
    }
}
