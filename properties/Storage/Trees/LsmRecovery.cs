// What is looked at after a crash, power loss, stop or flipped bit: the other half of LsmWorkload.

using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Recovers a tree and compares it with what it must hold. Stateless.</summary>
internal sealed class LsmRecovery(LsmOptions options)
{
    /// <summary>Opens a tree that must not be damaged.</summary>
    public static async Task<LsmTree> OpenAsync(IPlatform platform, TaskScope scope, LsmOptions options, CancellationToken stop)
    {
        try
        {
            return await LsmTree.OpenAsync(platform, scope, options, stop);
        }
        catch (LsmCorruptException exception)
        {
            throw new StorageViolationException("lsm.refused-to-open", exception.Message);
        }
    }

    /// <summary>Opens the tree, compares, goes on, and opens it again.</summary>
    /// <exception cref="StorageViolationException">It broke a promise.</exception>
    public async Task CheckAsync(IPlatform platform, TreeExpectation expected, CancellationToken stop)
    {
        var batch = new WriteBatch();
        await using (var scope = new TaskScope(platform.Tasks, "check"))
        {
            LsmTree tree = await OpenAsync(platform, scope, options, stop);
            TreeMoment found = expected.Find(tree.DurableSequence);
            await TreeInspector.CheckAsync(tree, found.Content, null, stop);
            await CheckTablesAsync(tree, stop);
            expected = expected.Found(found);
            for (int i = 1; i < expected.History.Count; i++)
            {
                await LsmWorkload.ApplyAsync(tree, batch, expected.History[i], stop);
            }

            // What deletes only, and what comes behind it.
            expected = await ApplyNextAsync(tree, batch, expected, [new PlannedChange(PlannedChangeKind.DeleteRange, 0, 9, 0), new PlannedChange(PlannedChangeKind.Delete, 3, 0, 0)], stop);
            await tree.FlushAsync(stop);
            expected = await ApplyNextAsync(tree, batch, expected, [new PlannedChange(PlannedChangeKind.Put, 5, 0, 200)], stop);
            await TreeInspector.ScanAsync(tree, expected.Last.Content, backward: true, stop);
            await tree.FlushAsync(stop);
            await tree.StopAsync();
        }

        await using var second = new TaskScope(platform.Tasks, "check-again");
        LsmTree again = await OpenAsync(platform, second, options, stop);
        await TreeInspector.ScanAsync(again, (expected with { Certain = expected.Last.Sequence }).Find(again.DurableSequence).Content, backward: false, stop);
        await CheckTablesAsync(again, stop);
        await again.StopAsync();
        await CheckFilesAsync(platform, stop);
    }

    /// <summary>After a flipped bit: true if it was noticed, false if it is harmless.</summary>
    /// <exception cref="StorageViolationException">Damaged bytes were taken for good ones.</exception>
    public async Task<bool> CheckRottenAsync(IPlatform platform, TreeExpectation expected, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "rot");
        LsmTree? tree = null;
        try
        {
            tree = await LsmTree.OpenAsync(platform, scope, options, stop);
            if (!(await tree.VerifyAsync(stop)).IsGood)
            {
                return true;
            }

            // A damaged last record of the manifest looks exactly like a torn one. Then the tree says that it holds less, and its owner sees that.
            int index = expected.IndexOf(tree.DurableSequence);
            if (index < 0)
            {
                throw new StorageViolationException("lsm.rot-unnoticed", $"the tree holds everything up to sequence {tree.DurableSequence}, which no batch had");
            }

            await TreeInspector.CheckAsync(tree, expected.History[index].Content, null, stop);
            return tree.DurableSequence < expected.Certain;
        }
        catch (LsmCorruptException)
        {
            return true;
        }
        finally
        {
            await (tree?.StopAsync() ?? Task.CompletedTask);
        }
    }

    private static async Task<TreeExpectation> ApplyNextAsync(
        LsmTree tree, WriteBatch batch, TreeExpectation expected, PlannedChange[] changes, CancellationToken stop)
    {
        ulong sequence = expected.Last.Sequence + 3;
        var moment = new TreeMoment(sequence, changes, expected.Last.Content.After(changes, sequence));
        await LsmWorkload.ApplyAsync(tree, batch, moment, stop);
        return expected with { History = expected.History.Add(moment) };
    }

    private static async Task CheckTablesAsync(LsmTree tree, CancellationToken stop)
    {
        LsmVerification verification = await tree.VerifyAsync(stop);
        if (!verification.IsGood)
        {
            throw new StorageViolationException("lsm.tables-damaged", string.Join("\n", verification.Problems));
        }
    }

    // A stop may leave a table that was half written or no longer used; the next opening removes it. A tree that is stopped before its tasks did anything has just its own files.
    private async Task CheckFilesAsync(IPlatform platform, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "check-files");
        LsmTree tree = await OpenAsync(platform, scope, options, stop);
        await tree.StopAsync();
        IReadOnlyList<string> names = await platform.Disk.ListAsync(options.Folder, stop);
        int tables = tree.Statistics.Levels.Sum(static level => level.Tables);
        if (names.Count != tables + 1)
        {
            throw new StorageViolationException("lsm.files-left", $"the tree has {tables} tables and a manifest, but its folder holds {string.Join(", ", names)}");
        }
    }
}
