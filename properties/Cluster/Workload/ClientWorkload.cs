// One client: a program on a machine of its own that does one operation after the other and tells the history what it was told. An operation ends in one of three
// ways: acknowledged, certainly not applied, or unknown; the history knows what each of them permits.

using SimGraph.Properties.Linearizability.Models;
using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Cluster.Workload;

internal sealed class ClientWorkload(World world, Machine machine, int number, WorkloadOptions options, WorkloadHistory history)
    : IAsyncDisposable
{
    private static readonly TimeSpan SetUpPollInterval = TimeSpan.FromMilliseconds(20);
    private readonly AsyncSignal _goOn = new();
    private GraphClient? _client;
    private IPlatform? _platform;
    private Random? _random;
    private Random? _acknowledgements;

    /// <summary>Operations that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Runs operations until it is asked to stop; the current one is then given up.</summary>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        _platform = platform;
        _random = platform.Random.Get("workload");
        _acknowledgements = platform.Random.Get("workload.acknowledgement");
        _client = new GraphClient(platform, options.Client);
        try
        {
            await SetUpAsync(stop);
            for (long done = 0; !stop.IsCancellationRequested; done++)
            {
                if (done == options.OperationsMax)
                {
                    await _goOn.WaitAsync(stop);
                }

                await StepAsync(stop);
                if (options.ThinkTimeMax > TimeSpan.Zero)
                {
                    await platform.Clock.DelayAsync(options.ThinkTimeMax * _random.NextDouble(), stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the workload.
        }

        await DisposeAsync();
    }

    /// <summary>Lets it do more operations than its options say.</summary>
    public void GoOn() => _goOn.Set();

    /// <summary>Stops the client.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
        }
    }

    private async Task SetUpAsync(CancellationToken stop)
    {
        if (number == 0)
        {
            var create = new GraphOperation[history.Counters.Count];
            Array.Fill(create, new CreateNode(LabelSet.Of("counter"), PropertyMap.Empty));
            GraphOutcome counters = await UntilDoneAsync(new GraphCommand(create), stop);
            history.CounterNodes = [.. counters.Results.Select(result => result.Element)];
        }

        GraphOutcome root = await UntilDoneAsync(new GraphCommand(new CreateNode(LabelSet.Of("root"), PropertyMap.Empty)), stop);
        history.Roots[number] = root.Results[0].Element;
        while (history.CounterNodes.Count == 0)
        {
            await _platform!.Clock.DelayAsync(SetUpPollInterval, stop);
        }
    }

    private async Task<GraphOutcome> UntilDoneAsync(GraphCommand command, CancellationToken stop)
    {
        while (true)
        {
            if (await WriteAsync(command, action: null, stop) is { Outcome: { } outcome })
            {
                return outcome;
            }
        }
    }

    private Task StepAsync(CancellationToken stop)
    {
        int choice = _random!.Next(100);
        if (choice < options.ReadPercent)
        {
            return (choice % 3) switch
            {
                0 => ReadCounterAsync(_random.Next(history.Counters.Count), stop),
                1 => ReadRegisterAsync(_random.Next(history.Registers.Count), stop),
                _ => ReadItemsAsync(stop),
            };
        }

        return _random.Next(10) switch
        {
            < 4 => IncrementAsync(_random.Next(history.Counters.Count), stop),
            < 6 => WriteRegisterAsync(stop),
            < 9 => CreateItemAsync(stop),
            _ => history.Items[number].PresentCount > 0 ? DeleteItemAsync(stop) : CreateItemAsync(stop),
        };
    }

    private async Task IncrementAsync(int counter, CancellationToken stop)
    {
        CounterHistory counterHistory = history.Counters[counter];
        long floor = counterHistory.Begin();
        counterHistory.Sent();
        WriteResult result = await WriteAsync(
            new GraphCommand(new IncrementNodeProperty(history.CounterNodes[counter], WorkloadHistory.CounterKey, 1)),
            WorkloadHistory.OnCounter(GraphActionKind.Add, counter) with { Argument = 1 },
            stop);
        if (result.Outcome is { } outcome)
        {
            counterHistory.Incremented(floor, outcome.Results[0].Value);
        }
        else if (result.IsCertainlyNotApplied)
        {
            counterHistory.NotApplied();
        }
    }

    private async Task WriteRegisterAsync(CancellationToken stop)
    {
        RegisterHistory register = history.Registers[number];
        long value = register.Next();
        WriteResult result = await WriteAsync(
            new GraphCommand(new SetNodeProperty(history.Roots[number]!.Value, WorkloadHistory.RegisterKey, PropertyValue.From(value))),
            WorkloadHistory.OnRegister(GraphActionKind.Set, number) with { Argument = value },
            stop);
        if (result.Outcome is not null)
        {
            register.Saw(0, value);
        }
    }

    private async Task CreateItemAsync(CancellationToken stop)
    {
        ItemHistory items = history.Items[number];
        int item = items.BeginCreate();
        PropertyMap properties = PropertyMap.Of(
            (WorkloadHistory.OwnerKey, PropertyValue.From((long)number)), (WorkloadHistory.NumberKey, PropertyValue.From((long)item)));
        WriteResult result = await WriteAsync(
            new GraphCommand(
                new CreateNode(LabelSet.Of(WorkloadHistory.ItemLabel), properties),
                new CreateEdge(history.Roots[number]!.Value, ElementReference.CreatedBy(0), WorkloadHistory.OwnsType, PropertyMap.Empty)),
            new GraphAction(GraphActionKind.Create, WorkloadHistory.ItemName(number, item)) { Other = WorkloadHistory.RootName(number) },
            stop);
        if (result.Outcome is { } outcome)
        {
            history.Clients.Name(outcome.Results[0].Element, WorkloadHistory.ItemName(number, item));
            items.Created(item, outcome.Results[0].Element);
        }
        else if (result.IsCertainlyNotApplied)
        {
            items.NotCreated(item);
        }
    }

    private async Task DeleteItemAsync(CancellationToken stop)
    {
        ItemHistory items = history.Items[number];
        (int item, ElementId node) = items.BeginDelete(_random!.Next(items.PresentCount));
        WriteResult result = await WriteAsync(
            new GraphCommand(new DeleteNode(node)), new GraphAction(GraphActionKind.Delete, WorkloadHistory.ItemName(number, item)), stop);
        if (result.Outcome is not null)
        {
            items.Deleted(item);
        }
        else if (result.IsCertainlyNotApplied)
        {
            items.NotDeleted(item);
        }
    }

    private async Task ReadCounterAsync(int counter, CancellationToken stop)
    {
        long floor = history.Counters[counter].Begin();
        if (await ReadNumberAsync(history.CounterNodes[counter], WorkloadHistory.OnCounter(GraphActionKind.Get, counter), stop) is { } value)
        {
            history.Counters[counter].Read(floor, value);
        }
    }

    private async Task ReadRegisterAsync(int client, CancellationToken stop)
    {
        if (history.Roots[client] is not { } root)
        {
            return;
        }

        long floor = history.Registers[client].Begin();
        if (await ReadNumberAsync(root, WorkloadHistory.OnRegister(GraphActionKind.Get, client), stop) is { } value)
        {
            history.Registers[client].Saw(floor, value);
        }
    }

    private async Task<long?> ReadNumberAsync(ElementId node, GraphAction read, CancellationToken stop)
    {
        int operation = history.Clients.Call(number + 1, read);
        GraphAnswer? answer = await ReadAsync(new GetNode(node), stop);
        if (answer is null)
        {
            history.Clients.NotApplied(operation);
            return null;
        }

        if (answer is not NodeAnswer { Node: { } found })
        {
            world.Fail(ViolationClass.Safety, "history.acknowledged-write-lost", $"node {node}, whose creation was acknowledged, is not there: {answer}");
            return null;
        }

        long seen = found.Properties.TryGet(read.Key, out PropertyValue value) ? value.AsInt64() : 0;
        history.Clients.Return(operation, read.Answered(seen));
        return seen;
    }

    private async Task ReadItemsAsync(CancellationToken stop)
    {
        ElementId root = history.Roots[number]!.Value;
        var nodes = new List<ElementId>();
        ElementId after = default;
        int pages = 0;
        int operation = history.Clients.Call(number + 1, new GraphAction(GraphActionKind.Neighbours, WorkloadHistory.RootName(number)));
        while (true)
        {
            GraphAnswer? answer = await ReadAsync(new Neighbours(root, EdgeDirection.Outgoing, WorkloadHistory.OwnsType, after), stop);
            pages++;
            if (answer is not NeighboursAnswer neighbours)
            {
                history.Clients.NotApplied(operation);
                return;
            }

            foreach (Neighbour neighbour in neighbours.Neighbours)
            {
                nodes.Add(neighbour.Node);
                after = neighbour.Edge;
            }

            if (!neighbours.More)
            {
                break;
            }
        }

        // Pages are read one after the other, so only a single one is what was there at one moment.
        if (pages == 1)
        {
            history.Clients.Return(operation, nodes);
        }
        else
        {
            history.Clients.NotApplied(operation);
        }

        history.Items[number].CheckRead(nodes);
    }

    /// <param name="command">What to do.</param>
    /// <param name="action">The same for the history; null for what happens before it.</param>
    /// <param name="stop">Gives it up.</param>
    private async Task<WriteResult> WriteAsync(GraphCommand command, GraphAction? action, CancellationToken stop)
    {
        int operation = action is null ? -1 : history.Clients.Call(number + 1, action);
        WriteResult result = await WriteAsync(command, NextAcknowledgement(action), stop);
        if (action is null)
        {
            return result;
        }

        history.Clients.Sent(operation, _client!.LastWrite.Session, _client.LastWrite.Request);
        if (result.Outcome is { } outcome)
        {
            history.Clients.Return(operation, action.Kind == GraphActionKind.Add ? action.Answered(outcome.Results[0].Value) : action.Done());
        }
        else if (result.IsCertainlyNotApplied)
        {
            history.Clients.NotApplied(operation);
        }
        else
        {
            history.Clients.GaveUp(operation);
        }

        return result;
    }

    /// <summary>Null for the plain way. What the workload builds upon must be known to be there.</summary>
    private WriteAcknowledgement? NextAcknowledgement(GraphAction? action) =>
        options.Acknowledgements is not { } plan ? null : action is null ? WriteAcknowledgement.Quorum : plan.Of(_acknowledgements!.Next(100));

    /// <summary>Null: it was only accepted.</summary>
    private async Task<GraphOutcome?> SendAsync(GraphCommand command, WriteAcknowledgement? acknowledgement, CancellationToken cancellationToken)
    {
        if (acknowledgement is not { } wanted)
        {
            return await _client!.WriteAsync(command, cancellationToken);
        }

        WriteAnswer answer = await _client!.WriteAsync(command, wanted, cancellationToken);
        if (answer.AcceptedAt is { } position)
        {
            history.Accepted.Accepted(_client.LastWrite.Session, _client.LastWrite.Request, position);
        }

        return answer.Outcome;
    }

    private async Task<WriteResult> WriteAsync(GraphCommand command, WriteAcknowledgement? acknowledgement, CancellationToken stop)
    {
        world.Count("client.writes");
        try
        {
            using var deadline = Deadline.After(_platform!.Clock, options.OperationLimit, stop);
            if (await SendAsync(command, acknowledgement, deadline.Token) is not { } outcome)
            {
                Note("accepted", command, "not yet replicated");
                return new WriteResult(null, IsCertainlyNotApplied: false);
            }

            if (!outcome.IsApplied)
            {
                world.Fail(ViolationClass.Safety, "history.unexpected-error", $"client {number + 1}: '{command}' ended with {outcome}");
            }

            Acknowledged++;
            Note("acknowledged", command, outcome);
            return new WriteResult(outcome, IsCertainlyNotApplied: false);
        }
        catch (OutcomeUnknownException exception)
        {
            world.Count("client.unknown-outcomes");
            Note("unknown", command, exception.Message);
            return new WriteResult(null, IsCertainlyNotApplied: false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            world.Count("client.writes-not-applied");
            Note("not applied", command, exception.Message);
            return new WriteResult(null, IsCertainlyNotApplied: true);
        }
    }

    private async Task<GraphAnswer?> ReadAsync(GraphQuery query, CancellationToken stop)
    {
        world.Count("client.reads");
        try
        {
            using var deadline = Deadline.After(_platform!.Clock, options.OperationLimit, stop);
            ReadMode mode = options.LeaseReadPercent > 0 && _random!.Next(100) < options.LeaseReadPercent ? ReadMode.Lease : ReadMode.Quorum;
            GraphAnswer answer = await _client!.ReadAsync(query, mode, deadline.Token);
            Acknowledged++;
            Note("read", query, answer);
            return answer;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            world.Count("client.reads-without-answer");
            return null;
        }
    }

    private void Note(string what, object operation, object result)
    {
        world.Trace.Emit(TraceKind.Client, machine, Acknowledged, 0, world.Trace.IsRecording ? $"{what}: {operation} => {result}" : null);
    }

    private readonly record struct WriteResult(GraphOutcome? Outcome, bool IsCertainlyNotApplied);
}
