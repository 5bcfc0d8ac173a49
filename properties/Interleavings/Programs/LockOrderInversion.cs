using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Two tasks take two locks, each the other's first one last.</summary>
internal sealed class LockOrderInversion() : Interleaving("lock-order-inversion", depth: 2, "two tasks take two locks, each the other's first one last.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        AsyncLock[] locks = [new(), new()];
        void Run(string name, int steps, int first) => tasks.Run(name, async () =>
        {
            await StepsAsync(steps);
            using AsyncLock.Holder outer = await locks[first].EnterAsync(CancellationToken.None);
            await Task.Yield();
            using AsyncLock.Holder inner = await locks[1 - first].EnterAsync(CancellationToken.None);
        });
        Run("forward", 3, first: 0);
        Run("backward", 12, first: repaired ? 0 : 1);
        return static () => true;
    }
}
