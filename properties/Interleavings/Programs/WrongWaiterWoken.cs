using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>One queue holds waiting producers and consumers, and a notification goes to one who cannot use it.</summary>
internal sealed class WrongWaiterWoken() : Interleaving("wrong-waiter-woken", depth: 3, "one queue holds waiting producers and consumers, and a notification goes to one who cannot use it.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        bool isFull = false;
        var waiting = new Queue<TaskCompletionSource>();
        async Task WaitAsync()
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(turn);
            await turn.Task;
        }

        void Notify()
        {
            for (int woken = repaired ? waiting.Count : Math.Min(1, waiting.Count); woken > 0; woken--)
            {
                waiting.Dequeue().SetResult();
            }
        }

        void Run(string name, int times, bool fills, int steps) => tasks.Run(name, async () =>
        {
            for (int i = 0; i < times; i++)
            {
                await StepsAsync(steps);
                while (isFull == fills)
                {
                    await WaitAsync();
                }

                isFull = fills;
                Notify();
            }
        });
        Run("producer", times: 2, fills: true, steps: 2);
        Run("consumer-1", times: 1, fills: false, steps: 6);
        Run("consumer-2", times: 1, fills: false, steps: 6);
        return () => !isFull;
    }
}
