// Stages of a pipeline. Each takes a stream over and is a stream itself: a task that reads the one before it, and that ends that one before it ends, whatever ends
// it. So a failure travels down with its exception, a cancellation or a disposal travels up, and neither overtakes a stage that still works.

using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>Stages: each owns the stream before it from the call on, and is disposed in its place.</summary>
public static class Stages
{
    /// <summary>The results for which a condition holds.</summary>
    /// <exception cref="ScopeStoppedException">The owner is stopped, and so is the stream.</exception>
    public static ResultStream<T> Filter<T>(this ResultStream<T> source, Func<T, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(condition);
        return Stage<T, T>(source, "filter", async (item, writer, cancellation) =>
        {
            if (condition(item))
            {
                await writer.WriteAsync(item, cancellation);
            }
        });
    }

    /// <summary>What a function makes of each result.</summary>
    /// <exception cref="ScopeStoppedException">The owner is stopped, and so is the stream.</exception>
    public static ResultStream<TOut> Map<TIn, TOut>(this ResultStream<TIn> source, Func<TIn, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(function);
        return Stage<TIn, TOut>(source, "map", (item, writer, cancellation) => writer.WriteAsync(function(item), cancellation));
    }

    /// <summary>What a function makes of each result, on the workers of a pool; in the order of the results.</summary>
    /// <param name="source">Taken over.</param>
    /// <param name="pool">Runs the function. When it stops, the stream fails or is cancelled.</param>
    /// <param name="degree">Results that are in work or wait for their turn; two more may be on their way in and out.</param>
    /// <param name="function">Must end soon when its token is cancelled.</param>
    /// <exception cref="ScopeStoppedException">The owner is stopped, and so is the stream.</exception>
    public static ResultStream<TOut> MapParallel<TIn, TOut>(
        this ResultStream<TIn> source, WorkerPool pool, int degree, Func<TIn, CancellationToken, Task<TOut>> function)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        ArgumentNullException.ThrowIfNull(function);
        var stage = new ParallelStage<TIn, TOut>(source, pool, degree, function);
        return ResultStream.Start<TOut>(source.Owner, "map-parallel", stage.RunAsync, source.Options);
    }

    /// <summary>The results in batches of a size; the last one may be smaller, and none is empty.</summary>
    /// <exception cref="ScopeStoppedException">The owner is stopped, and so is the stream.</exception>
    public static ResultStream<IReadOnlyList<T>> Batch<T>(this ResultStream<T> source, int size)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return ResultStream.Start<IReadOnlyList<T>>(
            source.Owner,
            "batch",
            async (writer, cancellation) =>
            {
                var batch = new List<T>();
                await ReadAsync(
                    source,
                    async item =>
                    {
                        batch.Add(item);
                        if (batch.Count == size)
                        {
                            await writer.WriteAsync(batch, cancellation);
                            batch = [];
                        }
                    },
                    cancellation);
                if (batch.Count > 0)
                {
                    await writer.WriteAsync(batch, cancellation);
                }
            },
            source.Options);
    }

    /// <summary>All results, in memory. Ends the stream.</summary>
    /// <param name="source">Taken over.</param>
    /// <param name="itemsMax">More than these are refused.</param>
    /// <param name="cancellation">Ends the stream; the call throws when every stage has ended.</param>
    /// <exception cref="QueryLimitException">There are more results.</exception>
    public static async Task<IReadOnlyList<T>> CollectAsync<T>(this ResultStream<T> source, int itemsMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var items = new List<T>();
        await using (source)
        {
            while (await source.WaitToReadAsync(cancellation))
            {
                while (source.TryRead(out T item))
                {
                    if (items.Count == itemsMax)
                    {
                        throw new QueryLimitException($"there are more than {itemsMax} results to collect: read the stream, or narrow the query");
                    }

                    items.Add(item);
                }
            }
        }

        return items;
    }

    /// <summary>How many results there are. Ends the stream.</summary>
    /// <param name="source">Taken over.</param>
    /// <param name="cancellation">Ends the stream; the call throws when every stage has ended.</param>
    public static async Task<long> CountAsync<T>(this ResultStream<T> source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        long count = 0;
        await using (source)
        {
            while (await source.WaitToReadAsync(cancellation))
            {
                while (source.TryRead(out _))
                {
                    count++;
                }
            }
        }

        return count;
    }

    /// <summary>Reads a stream to its end for a stage, and ends it, whatever comes.</summary>
    internal static async Task ReadAsync<T>(ResultStream<T> source, Func<T, ValueTask> onItem, CancellationToken cancellation)
    {
        try
        {
            while (await source.WaitToReadAsync(cancellation))
            {
                while (source.TryRead(out T item))
                {
                    await onItem(item);
                }
            }
        }
        finally
        {
            await source.EndAsync();
        }
    }

    private static ResultStream<TOut> Stage<TIn, TOut>(
        ResultStream<TIn> source, string name, Func<TIn, ResultWriter<TOut>, CancellationToken, ValueTask> onItem) =>
        ResultStream.Start<TOut>(
            source.Owner,
            name,
            (writer, cancellation) => ReadAsync(source, item => onItem(item, writer, cancellation), cancellation),
            source.Options);
}
