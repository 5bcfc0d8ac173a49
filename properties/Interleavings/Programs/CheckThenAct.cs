using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Two withdrawals look at the balance before either takes from it.</summary>
internal sealed class CheckThenAct() : Interleaving("check-then-act", depth: 2, "two withdrawals look at the balance before either takes from it.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        int balance = 100;
        var gate = new AsyncLock();
        async Task WithdrawAsync()
        {
            if (balance >= 100)
            {
                await Task.Yield();
                balance -= 100;
            }
        }

        void Run(string name, int before, int after) => tasks.Run(name, async () =>
        {
            await StepsAsync(before);
            if (repaired)
            {
                using AsyncLock.Holder held = await gate.EnterAsync(CancellationToken.None);
                await WithdrawAsync();
            }
            else
            {
                await WithdrawAsync();
            }

            await StepsAsync(after);
        });
        Run("early", before: 3, after: 10);
        Run("late", before: 10, after: 3);
        return () => balance >= 0;
    }
}
