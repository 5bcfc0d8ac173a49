using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>The event happens after the waiter has looked for it and before it listens.</summary>
internal sealed class LostWakeUp() : Interleaving("lost-wake-up", depth: 2, "the event happens after the waiter has looked for it and before it listens.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        bool happened = false;
        TaskCompletionSource? listener = null;
        var signal = new AsyncSignal();
        tasks.Run("waiter", async () =>
        {
            await StepsAsync(3);
            if (repaired)
            {
                await signal.WaitAsync(CancellationToken.None);
            }
            else if (!happened)
            {
                await Task.Yield();
                listener = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await listener.Task;
            }
        });
        tasks.Run("setter", async () =>
        {
            await StepsAsync(12);
            happened = true;
            listener?.SetResult();
            signal.Set();
        });
        return static () => true;
    }
}
