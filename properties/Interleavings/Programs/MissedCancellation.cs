using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Work that has looked at the stop before, and registers after, outlives it.</summary>
internal sealed class MissedCancellation() : Interleaving("missed-cancellation", depth: 2, "work that has looked at the stop before, and registers after, outlives it.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        bool isStopping = false;
        bool hasStopped = false;
        int running = 0;
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tasks.Run("worker", async () =>
        {
            await StepsAsync(3);
            if (isStopping)
            {
                return;
            }

            running += repaired ? 1 : 0;
            await Task.Yield();
            running += repaired ? 0 : 1;
            await StepsAsync(2);
            tasks.Check(!hasStopped);
            if (--running == 0 && isStopping)
            {
                idle.SetResult();
            }
        });
        tasks.Run("stopper", async () =>
        {
            await StepsAsync(12);
            isStopping = true;
            if (running > 0)
            {
                await idle.Task;
            }

            hasStopped = true;
        });
        return () => running == 0;
    }
}
