using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>A state goes through two foreign hands between two looks of its owner.</summary>
internal sealed class ThreeStepOrder() : Interleaving("three-step-order", depth: 3, "a state goes through two foreign hands between two looks of its owner.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        int state = 0;
        var gate = new AsyncLock();
        async Task AloneAsync(Func<Task> body)
        {
            using AsyncLock.Holder? held = repaired ? await gate.EnterAsync(CancellationToken.None) : null;
            await body();
        }

        void Advance(string name, int from) => tasks.Run(name, async () =>
        {
            await StepsAsync(6);
            await AloneAsync(async () =>
            {
                if (state == from)
                {
                    state = from + 1;
                    await Task.Yield();
                }
            });
            await StepsAsync(4);
        });
        tasks.Run("owner", async () =>
        {
            await StepsAsync(3);
            await AloneAsync(async () =>
            {
                state = 1;
                await StepsAsync(3);
                tasks.Check(state != 3);
            });
        });
        Advance("second", from: 1);
        Advance("third", from: 2);
        return static () => true;
    }
}
