// The graph store under crash test. The promises: after every crash the store is exactly the graph after a prefix of the logged commands, and no command that
// was acknowledged is missing; adjacency, indexes, counters and digest always follow from the elements; a refused command and a failed read leave nothing
// behind; a snapshot stays as it was.

using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>Commands, some logged together, between flushes, compactions, truncations of the log and snapshots.</summary>
internal sealed class GraphWorkload(GraphPlan plan) : IStorageWorkload
{
    private const int CommandsAfterCheck = 2;

    // One of so many checks ends with damage.
    private const uint DamageInterval = 4;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(20);
    private GraphExpectation _expectation = GraphExpectation.Nothing;
    private GraphState _model = null!;
    private LsmSnapshot? _snapshot;
    private GraphState? _snapshotModel;

    /// <inheritdoc/>
    public object Expectation => _expectation;

    /// <inheritdoc/>
    public string Describe() => $"graph with {plan}";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (GraphExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "workload");
        using var prompt = new Promptness("graph", platform, stop);
        LoggedGraph graph;
        try
        {
            graph = await LoggedGraph.OpenAsync(platform, scope, plan, stop, prompt);
        }
        catch (Exception exception) when (LoggedGraph.IsExplained(exception, stop))
        {
            // The disk did not let it open, or it was told to stop: nothing is known that was not known before.
            return;
        }

        try
        {
            _model = _expectation.ModelAt(graph.Applied);
            _expectation = GraphExpectation.At(_model, graph.Applied);
            await prompt.CallAsync("the first comparison", () => GraphComparison.CompareAsync(_model, graph.Store, stop));
            foreach (GraphStep step in plan.Steps)
            {
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                // What is logged is waited for as long as it takes.
                await (step.Kind is GraphStepKind.Commands or GraphStepKind.Bulk or GraphStepKind.Truncate
                    ? PerformAsync(platform, graph, step, prompt, stop)
                    : prompt.CallAsync(step.Kind, () => PerformAsync(platform, graph, step, prompt, stop)));
            }
        }
        catch (Exception exception) when (LoggedGraph.IsExplained(exception, stop))
        {
            // What was logged and not acknowledged may be there or not.
        }
        finally
        {
            _snapshot?.Dispose();
            await graph.StopAsync();
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        var expected = (GraphExpectation)expectation;
        GraphState model;
        ulong applied;
        UInt128 digest;
        await using (var scope = new TaskScope(platform.Tasks, "check"))
        {
            LoggedGraph graph = await LoggedGraph.OpenAsync(platform, scope, plan, stop);
            model = expected.ModelAt(graph.Applied);
            await GraphComparison.CompareAsync(model, graph.Store, stop);
            for (int i = 0; i < CommandsAfterCheck; i++)
            {
                GraphCommand command = Make([i * 5, 1, 3, i + 11, 2, 7, 1], model);
                await graph.LogAsync(command);
                await ApplyAsync(graph, model, command, stop);
            }

            applied = graph.Applied;
            digest = graph.Store.Digest;
            await graph.StopAsync();
        }

        await using var second = new TaskScope(platform.Tasks, "check-again");
        LoggedGraph again = await LoggedGraph.OpenAsync(platform, second, plan, stop);
        if (again.Applied != applied)
        {
            throw new StorageViolationException("graph.acknowledged-lost", $"after a stop at {applied} the store opens at {again.Applied}");
        }

        if (again.Store.Digest != digest)
        {
            throw new StorageViolationException("graph.digest", $"after a stop with digest {digest:x32} the store opens with {again.Store.Digest:x32}");
        }

        await GraphComparison.CompareAsync(model, again.Store, stop);
        if (digest % DamageInterval == 0)
        {
            await GraphDamage.CheckNoticedAsync(again, (ulong)(digest / DamageInterval) >> 1, stop);
        }

        await again.StopAsync();
    }

    private static GraphCommand Make(int[] numbers, GraphState model) => new CommandMaker(
        numbers, [.. model.ListNodes().Select(static node => node.Id)], [.. model.ListEdges().Select(static edge => edge.Id)]).Make();

    private static async Task ApplyAsync(LoggedGraph graph, GraphState model, GraphCommand command, CancellationToken stop)
    {
        GraphOutcome outcome = await graph.ApplyAsync(command, stop);
        GraphOutcome expected = model.Apply(command, graph.Applied);
        if (!expected.Equals(outcome))
        {
            throw new StorageViolationException("graph.outcome", $"command {graph.Applied}, {command}: the store says {outcome}, the model {expected}");
        }
    }

    private async Task PerformAsync(IPlatform platform, LoggedGraph graph, GraphStep step, Promptness prompt, CancellationToken stop)
    {
        switch (step.Kind)
        {
            case GraphStepKind.Commands:
                // Made from the graph before the group: some are refused because of those before them.
                await PerformAsync(graph, [.. step.Choices.Select(numbers => Make(numbers, _model))], prompt, stop);
                break;
            case GraphStepKind.Bulk:
                await PerformAsync(graph, [CommandMaker.MakeBulk(step.Choices[0][0])], prompt, stop);
                break;
            case GraphStepKind.Transfer:
                bool isOfSnapshot = _snapshot is not null && step.Choices[0][0] % 2 == 0;
                await new GraphTransfer(platform, isOfSnapshot ? _snapshotModel! : _model, graph.Store, isOfSnapshot ? _snapshot : null, step.Choices[0]).CheckAsync(stop);
                break;
            case GraphStepKind.Flush or GraphStepKind.Compact:
                await FlushAsync(platform, graph, step.Kind, stop);
                break;
            case GraphStepKind.Truncate:
                await graph.TruncateAsync();
                break;
            case GraphStepKind.TakeSnapshot:
                _snapshot?.Dispose();
                _snapshot = graph.Tree.TakeSnapshot();
                _snapshotModel = _expectation.ModelAt(graph.Applied);
                break;
            case GraphStepKind.CheckSnapshot when _snapshot is not null:
                await GraphComparison.AskAllAsync(_snapshotModel!, graph.Store, _snapshot, stop);
                _snapshot.Dispose();
                _snapshot = null;
                break;
            case GraphStepKind.Verify:
                await GraphComparison.CompareAsync(_model, graph.Store, stop);
                break;
        }
    }

    private async Task PerformAsync(LoggedGraph graph, GraphCommand[] commands, Promptness prompt, CancellationToken stop)
    {
        var appends = new Task[commands.Length];
        for (int i = 0; i < commands.Length; i++)
        {
            // Before the call: its first write may begin at once.
            _expectation = _expectation with { Commands = _expectation.Commands.Add(commands[i]) };
            appends[i] = graph.LogAsync(commands[i]);
        }

        Exception? failure = null;
        for (int i = 0; i < commands.Length; i++)
        {
            try
            {
                await appends[i];
                _expectation = failure is null ? _expectation with { Certain = _expectation.Certain + 1 } : _expectation;
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }

            if (failure is null)
            {
                try
                {
                    await prompt.CallAsync("applying", () => ApplyAsync(graph, _model, commands[i], stop));
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            }
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static async Task FlushAsync(IPlatform platform, LoggedGraph graph, GraphStepKind kind, CancellationToken stop)
    {
        using Deadline deadline = Deadline.After(platform.Clock, FlushLimit, stop);
        try
        {
            if (kind == GraphStepKind.Flush)
            {
                await graph.Tree.FlushAsync(deadline.Token);
            }
            else
            {
                await graph.Tree.CompactAsync(LsmRange.All, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            // The disk is full, or fails for long: it goes on without.
        }
    }
}
