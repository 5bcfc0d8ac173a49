using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>A user comes before the initialiser.</summary>
internal sealed class InitialisationOrder() : Interleaving("initialisation-order", depth: 1, "a user comes before the initialiser.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        bool isReady = false;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tasks.Run("initialiser", async () =>
        {
            await StepsAsync(2);
            isReady = true;
            ready.SetResult();
        });
        tasks.Run("user", async () =>
        {
            await StepsAsync(12);
            if (repaired)
            {
                await ready.Task;
            }

            tasks.Check(isReady);
        });
        return static () => true;
    }
}
