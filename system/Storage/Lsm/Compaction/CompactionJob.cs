// One compaction: merges its inputs, keeps what somebody may still see, and writes it into new tables.

using SimGraph.Storage.Lsm.Cursors;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>Runs a plan once.</summary>
internal sealed class CompactionJob(TreeCore core, TableShelf shelf, CompactionPlan plan)
{
    /// <summary>The new tables, in key order, flushed; the folder is not. Whatever fails, nothing is left of them.</summary>
    public async Task<IReadOnlyList<LsmTable>> RunAsync(CancellationToken stopping)
    {
        TreeState state = core.HoldState(out _);
        var sources = new SourceSet();
        TableOutput? output = null;
        try
        {
            await AddInputsAsync(sources, stopping);
            sources.Complete();

            // Read behind the inputs: a snapshot taken later has a sequence that is not below any of theirs.
            ulong[] snapshots = core.Snapshots();
            var filter = new VersionFilter(snapshots, sources.Tombstones, new BelowLevels(state.Version, plan.OutputLevel + 1));
            output = new TableOutput(core, shelf, filter.KeptTombstones(), core.Options.TableBytes);
            await MergeAsync(new MergingCursor(sources.Cursors), filter, output, stopping);
            await output.FinishAsync(stopping);
            return output.Tables;
        }
        catch
        {
            if (output is not null)
            {
                await output.AbandonAsync();
            }

            throw;
        }
        finally
        {
            sources.Release();
            core.Release(state.Version);
        }
    }

    private static async Task MergeAsync(MergingCursor merge, VersionFilter filter, TableOutput output, CancellationToken stopping)
    {
        await merge.SeekToFirstAsync(stopping);
        bool isNewKey = false;
        while (merge.IsValid)
        {
            stopping.ThrowIfCancellationRequested();

            // The first version that is kept of a key begins it, even if newer ones were dropped.
            bool keeps = filter.Keeps(merge.Current, out bool differs);
            isNewKey |= differs;
            if (keeps)
            {
                await output.AddAsync(merge.Current, isNewKey, stopping);
                isNewKey = false;
            }

            if (!merge.TryMove())
            {
                await merge.MoveAsync(stopping);
            }
        }
    }

    private async Task AddInputsAsync(SourceSet sources, CancellationToken stopping)
    {
        if (plan.Level == 0)
        {
            foreach (LsmTable table in plan.Upper)
            {
                await sources.AddTableAsync(shelf, table, fillCache: false, stopping);
            }
        }
        else
        {
            await sources.AddLevelAsync(shelf, plan.Upper, fillCache: false, stopping);
        }

        await sources.AddLevelAsync(shelf, plan.Lower, fillCache: false, stopping);
    }
}
