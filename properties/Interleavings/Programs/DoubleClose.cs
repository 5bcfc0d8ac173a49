using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Two closers both find it open.</summary>
internal sealed class DoubleClose() : Interleaving("double-close", depth: 2, "two closers both find it open.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        bool isClosed = false;
        int closes = 0;
        void Run(string name, int steps) => tasks.Run(name, async () =>
        {
            await StepsAsync(steps);
            if (isClosed)
            {
                return;
            }

            isClosed = repaired;
            await Task.Yield();
            isClosed = true;
            closes++;
            tasks.Check(closes == 1);
        });
        Run("owner", 3);
        Run("finalizer", 14);
        return () => isClosed;
    }
}
