// Reads random pipelines over the graph of the moment, and ends them in every way: read to the end, collected, counted, abandoned with a full buffer, cancelled, disposed while it is
// read, ended by their owner. Whatever was read is a beginning of what the model says; what reads as complete is all of it; and after the end nothing lives.

using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Queries;

/// <summary>A client that reads.</summary>
internal sealed class Reader(QueryMachine machine, string name)
{
    private const int CollectMax = 100_000;
    private readonly Random _random = machine.Platform.Random.Get(name);
    private int _number;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!machine.IsEnding)
        {
            await machine.Platform.Clock.DelayAsync(Moment(), cancellation);
            using (machine.Within($"query {_number + 1} of {name}"))
            {
                await QueryAsync(cancellation);
            }
        }
    }

    private async Task QueryAsync(CancellationToken outer)
    {
        machine.World.Count("query.reads");
        var scope = new TaskScope(machine.Platform.Tasks, $"{name}.{++_number}");
        using var view = new GraphView(machine.Graph.Store);
        using Deadline? deadline = _random.Next(3) == 0 ? Deadline.After(machine.Platform.Clock, Moment(), outer) : null;
        CancellationToken cancellation = deadline?.Token ?? outer;
        try
        {
            if (_random.Next(5) == 0)
            {
                await CountAsync(scope, view, cancellation);
            }
            else
            {
                await StreamAsync(scope, view, cancellation);
            }
        }
        finally
        {
            await scope.StopAsync();
        }
    }

    private async Task StreamAsync(TaskScope scope, GraphView view, CancellationToken cancellation)
    {
        var query = new ReaderCase(machine, _random, scope, view);
        bool isEnded = false;
        try
        {
            switch (_random.Next(6))
            {
                case 0:
                    IReadOnlyList<string> all = await query.Stream.CollectAsync(CollectMax, cancellation);
                    Compare(all, query.Expected, isWhole: true);
                    break;
                case 1:
                    long count = await query.Stream.CountAsync(cancellation);
                    machine.Check(count == query.Expected.Count, "wrong-count", $"{count} results were counted, and there are {query.Expected.Count}");
                    break;
                case 2:
                    await ReadAsync(query, _random.Next(1 + query.Expected.Count), cancellation);
                    await AbandonAsync(query, cancellation);
                    break;
                case 3:
                    isEnded = true;
                    await EndWhileReadingAsync(query, async () => await query.Stream.DisposeAsync(), cancellation);
                    break;
                case 4:
                    isEnded = true;
                    await EndWhileReadingAsync(query, scope.StopAsync, cancellation);
                    break;
                default:
                    await ReadAsync(query, int.MaxValue, cancellation);
                    await query.Stream.DisposeAsync();
                    break;
            }
        }
        catch (Exception exception)
        {
            Explain(exception, query, isEnded || cancellation.IsCancellationRequested);
        }

        // Reads that failed have not ended it; collecting and counting have, whatever became of them.
        if (_random.Next(2) == 0)
        {
            await query.Stream.DisposeAsync();
        }

        await query.Stream.DisposeAsync();
        machine.CheckNothingLives(scope, "a stream was disposed");
        query.End();
    }

    /// <summary>Reads up to so many results, or to the end.</summary>
    private async Task ReadAsync(ReaderCase query, int most, CancellationToken cancellation)
    {
        var read = new List<string>();
        while (read.Count < most)
        {
            await machine.PauseAsync(_random, cancellation);
            if (!await query.Stream.WaitToReadAsync(cancellation))
            {
                Compare(read, query.Expected, isWhole: true);
                machine.Reached("query.read-to-the-end");
                return;
            }

            while (read.Count < most && query.Stream.TryRead(out string item))
            {
                read.Add(item);
            }
        }

        Compare(read, query.Expected, isWhole: false);
    }

    private async Task AbandonAsync(ReaderCase query, CancellationToken cancellation)
    {
        await machine.Platform.Clock.DelayAsync(Moment(), cancellation);
        await query.Stream.DisposeAsync();
        if (query.Expected.Count > (machine.Plan.Capacity + 1) * query.Stages)
        {
            machine.Reached("query.abandoned-full");
        }
    }

    private async Task EndWhileReadingAsync(ReaderCase query, Func<Task> end, CancellationToken cancellation)
    {
        Task ending = EndLaterAsync(end);
        try
        {
            await ReadAsync(query, int.MaxValue, cancellation);
        }
        finally
        {
            await ending;
        }
    }

    private async Task EndLaterAsync(Func<Task> end)
    {
        await machine.Platform.Clock.DelayAsync(Moment(), CancellationToken.None);
        await end();
    }

    private async Task CountAsync(TaskScope scope, GraphView view, CancellationToken cancellation)
    {
        GraphPicture picture = machine.PictureAt(view.Index);
        var queries = new GraphQueries(scope, new QueryOptions { PageSize = machine.Plan.PageSize });
        WorkerPool pool = machine.Pools.Pool;
        bool parallel = _random.Next(3) > 0;
        try
        {
            IReadOnlyDictionary<string, long> counts = parallel
                ? await queries.CountByLabelAsync(view, pool, cancellation)
                : await queries.CountByLabelAsync(view, cancellation);
            SortedDictionary<string, long> expected = picture.CountByLabel();
            machine.Check(
                expected.SequenceEqual(counts), "wrong-counts", $"at {view.Index} there are {string.Join(' ', counts)}, and the model has {string.Join(' ', expected)}");
            foreach (string label in GraphWriter.Names)
            {
                var answer = (CountAnswer)await view.AskAsync(new CountNodes(label), cancellation);
                machine.Check(answer.Count == expected.GetValueOrDefault(label), "wrong-count", $"label {label} at {view.Index} is counted {answer.Count}");
            }
        }
        catch (Exception exception)
        {
            ExplainCancellation(exception, cancellation.IsCancellationRequested || (parallel && machine.Pools.WasStopped(pool)));
        }
    }

    private void Compare(IReadOnlyList<string> read, List<string> expected, bool isWhole)
    {
        machine.World.Count("query.results", read.Count);
        for (int i = 0; i < read.Count; i++)
        {
            if (i >= expected.Count || read[i] != expected[i])
            {
                machine.Violated("wrong-answer", $"result {i} of {expected.Count} is {read[i]}, not {(i < expected.Count ? expected[i] : "the end")}");
                return;
            }
        }

        machine.Check(!isWhole || read.Count == expected.Count, "part-as-whole", $"the stream ended after {read.Count} of {expected.Count} results");
    }

    private void Explain(Exception exception, ReaderCase query, bool isEnded)
    {
        if (exception is NodeNotFoundException && query.StartsNowhere)
        {
            return;
        }

        if (exception is ObjectDisposedException and not PoolClosedException && isEnded)
        {
            return;
        }

        ExplainCancellation(exception, isEnded || (query.UsesPool && machine.Pools.WasStopped(query.Pool)));
    }

    private void ExplainCancellation(Exception exception, bool isCaused)
    {
        bool isExplained = machine.IsOfDisk(exception) || (isCaused && exception is OperationCanceledException or PoolClosedException);
        machine.Check(isExplained, "unexplained-failure", $"{name}, query {_number}: {exception}");
        if (isExplained && exception is OperationCanceledException)
        {
            machine.Reached("query.cancelled-in-the-middle");
        }
    }

    private TimeSpan Moment() => QueryMachine.Below(_random, TimeSpan.FromMilliseconds(1 + _random.Next(60)));
}
