// Deletes the files of tables that no version refers to, and at the end closes everything: behind the workers, and behind the last read.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>The task that tidies up.</summary>
internal sealed class TreeKeeper(
    TreeCore core, TableShelf shelf, ManifestWriter manifest, OperationGate operations, IReadOnlyList<ScopedTask> workers)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        using TokenSubscription subscription = stopping.Subscribe(static state => ((TreeCore)state!).Close(), core);
        try
        {
            while (!core.IsClosed)
            {
                long seen = core.Changes.Count;
                await DeleteUnusedAsync();
                await core.Changes.WaitBeyondAsync(seen, stopping);
            }
        }
        finally
        {
            for (int i = 0; i < workers.Count; i++)
            {
                await workers[i].Completion;
            }

            await operations.CloseAsync();
            if (core.Failure is null)
            {
                // Nobody reads any more: what was still being read can go now, and nothing is left to the next open.
                await DeleteUnusedAsync();
            }

            await shelf.CloseAsync();
            await manifest.CloseAsync();
        }
    }

    private async Task DeleteUnusedAsync()
    {
        for (int left = core.UnusedCount(); left > 0 && core.TryTakeUnused(out LsmTable? table); left--)
        {
            try
            {
                if (!await shelf.TryDeleteAsync(table!))
                {
                    core.PutBackUnused(table!);
                }
            }
            catch (DiskException exception)
            {
                // It is an orphan now, which the next open removes.
                LsmEvents.LogDeleteFailed(core.Logger, exception, shelf.PathOf(table!.Number));
            }
        }
    }
}
