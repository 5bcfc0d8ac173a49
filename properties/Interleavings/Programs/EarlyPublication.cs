using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>An object can be seen before it is filled.</summary>
internal sealed class EarlyPublication() : Interleaving("early-publication", depth: 2, "an object can be seen before it is filled.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        int[]? published = null;
        tasks.Run("publisher", async () =>
        {
            await StepsAsync(2);
            int[] made = [0];
            if (!repaired)
            {
                published = made;
            }

            await Task.Yield();
            made[0] = 42;
            published = made;
        });
        tasks.Run("user", async () =>
        {
            await StepsAsync(12);
            tasks.Check(published is null or [42]);
        });
        return () => published is [42];
    }
}
