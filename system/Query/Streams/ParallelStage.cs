// A stage on the workers of a pool, order kept: a feeder submits each item and puts its slot into a queue; the stage itself takes the slots in order and waits for each. The queue
// bounds what is in work. However the stage ends, it cancels the work that it submitted, waits until the last of it is over, and only then has ended.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>Maps a stream with several workers.</summary>
internal sealed class ParallelStage<TIn, TOut>(ResultStream<TIn> source, WorkerPool pool, int degree, Func<TIn, CancellationToken, Task<TOut>> function)
{
    public async Task RunAsync(ResultWriter<TOut> writer, CancellationToken cancellation)
    {
        var work = new CancellationTokenSource();

        // What the stage waits for ends when the stage is told to.
        using TokenSubscription subscription = cancellation.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), work);
        ResultStream<Slot> slots;
        try
        {
            slots = ResultStream.Start<Slot>(
                source.Owner, "feed", (feed, stopping) => FeedAsync(feed, work, stopping), source.Options with { Capacity = degree });
        }
        catch (ScopeStoppedException)
        {
            await source.EndAsync();
            throw;
        }

        await Stages.ReadAsync(
            slots,
            async slot =>
            {
                await slot.Work!.Completion;
                await writer.WriteAsync(slot.Result!, cancellation);
            },
            cancellation);
    }

    private async Task FeedAsync(ResultWriter<Slot> feed, CancellationTokenSource work, CancellationToken cancellation)
    {
        // The stage ends its feeder when it fails, too.
        using TokenSubscription subscription = cancellation.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), work);
        var submitted = new Queue<PoolWork>();
        try
        {
            await Stages.ReadAsync(
                source,
                async item =>
                {
                    var slot = new Slot();
                    slot.Work = await pool.SubmitAsync(async (_, token) => slot.Result = await function(item, token), work.Token);
                    submitted.Enqueue(slot.Work);
                    while (submitted.TryPeek(out PoolWork? first) && first.Completion.IsCompleted)
                    {
                        submitted.Dequeue();
                    }

                    await feed.WriteAsync(slot, cancellation);
                },
                cancellation);
        }
        finally
        {
            await WaitForAsync(submitted);
        }
    }

    private static async Task WaitForAsync(Queue<PoolWork> submitted)
    {
        foreach (PoolWork one in submitted)
        {
            try
            {
                await one.Completion;
            }
#pragma warning disable CA1031 // The stage hears of it through the slot; here only its end counts.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    private sealed class Slot
    {
        internal PoolWork? Work { get; set; }

        internal TOut? Result { get; set; }
    }
}
