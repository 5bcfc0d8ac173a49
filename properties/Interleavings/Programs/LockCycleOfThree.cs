using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Three tasks each hold one of three locks and want the next.</summary>
internal sealed class LockCycleOfThree() : Interleaving("lock-cycle-of-three", depth: 3, "three tasks each hold one of three locks and want the next.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        AsyncLock[] locks = [new(), new(), new()];
        for (int i = 0; i < locks.Length; i++)
        {
            int next = (i + 1) % locks.Length;
            (int first, int second) = repaired ? (Math.Min(i, next), Math.Max(i, next)) : (i, next);
            int steps = 2 + (4 * i);
            tasks.Run($"task-{i}", async () =>
            {
                await StepsAsync(steps);
                using AsyncLock.Holder outer = await locks[first].EnterAsync(CancellationToken.None);
                await Task.Yield();
                using AsyncLock.Holder inner = await locks[second].EnterAsync(CancellationToken.None);
            });
        }

        return static () => true;
    }
}
