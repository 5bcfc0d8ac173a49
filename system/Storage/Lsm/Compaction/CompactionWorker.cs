// Compacts while there is something to compact, one compaction after the other; manual ones go first.
//
// Faults: a read or write that fails abandons the compaction: what it wrote is deleted, its inputs stay, nothing is lost (T08); it is tried again after a
// rest. The manifest's edit is what takes the inputs out of the tree; their files go when no reader has them any more.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm.Cursors;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>The task that compacts.</summary>
internal sealed class CompactionWorker(TreeCore core, TableShelf shelf, ManifestWriter manifest)
{
    private readonly object _gate = new();
    private readonly LinkedList<ManualCompaction> _manual = new();
    private bool _ended;

    /// <summary>Compacts a range down to one level; ends when that is done.</summary>
    /// <exception cref="LsmException">It failed, or the tree is stopped.</exception>
    public async Task CompactAsync(LsmRange range, CancellationToken cancellationToken)
    {
        var manual = new ManualCompaction(range);
        lock (_gate)
        {
            if (_ended)
            {
                throw EndOf();
            }

            _manual.AddLast(manual);
        }

        core.Changes.Raise();
        using TokenSubscription subscription = cancellationToken.Subscribe(
            static (state, token) => ((ManualCompaction)state!).Cancel(token), manual);
        await manual.Done;
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (core.Failure is null && !core.IsClosed)
            {
                long seen = core.Changes.Count;
                ManualCompaction? manual = NextManual();
                CompactionPlan? plan = PickFor(ref manual);
                if (plan is not null)
                {
                    await TryCompactAsync(plan, stopping);
                }
                else if (manual is null)
                {
                    await core.Changes.WaitBeyondAsync(seen, stopping);
                }
            }
        }
        catch (LsmFailedException)
        {
            // Told where it happened.
        }
        catch (LsmClosedException)
        {
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            core.Fail(exception);
            throw;
        }
        finally
        {
            EndManual();
        }
    }

    private LsmException EndOf() => core.Failure ?? new LsmClosedException(core.Options.Folder);

    private ManualCompaction? NextManual()
    {
        lock (_gate)
        {
            while (_manual.First is { } first)
            {
                if (!first.Value.Done.IsCompleted)
                {
                    return first.Value;
                }

                _manual.RemoveFirst();
            }
        }

        return null;
    }

    private CompactionPlan? PickFor(ref ManualCompaction? manual)
    {
        TreeVersion version = core.State.Version;
        if (manual is not null)
        {
            if (manual.Next(version) is { } step)
            {
                return step;
            }

            manual.Succeed();
            return null;
        }

        return CompactionPicker.PickNeeded(version, core.Options, manifest.PointerOf);
    }

    private void EndManual()
    {
        ManualCompaction[] left;
        lock (_gate)
        {
            _ended = true;
            left = [.. _manual];
            _manual.Clear();
        }

        foreach (ManualCompaction manual in left)
        {
            manual.Fail(EndOf());
        }
    }

    private async Task TryCompactAsync(CompactionPlan plan, CancellationToken stopping)
    {
        IReadOnlyList<LsmTable> outputs = plan.Upper;
        var job = new CompactionJob(core, shelf, plan);
        if (!plan.MovesOnly)
        {
            try
            {
                if (await job.RunAsync(stopping) is not { } written)
                {
                    return;
                }

                outputs = written;
            }
            catch (Exception exception) when (exception is DiskException or LsmCorruptException)
            {
                core.Counters.AddFailure();
                NoteTrouble(exception);
                core.Platform.Probes.Reachable("lsm.compaction-failed");
                LsmEvents.LogCompactionFailed(core.Logger, exception, core.Options.Folder, core.Options.RetryDelay);
                await core.Platform.Clock.DelayAsync(core.Options.RetryDelay, stopping);
                return;
            }

            if (outputs.Count > 0)
            {
                await TreeFolder.FlushAsync(core, CancellationToken.None);
            }
        }

        if (!await manifest.CommitAsync(EditOf(plan, outputs), flushed: null, NoteTrouble, stopping))
        {
            await job.AbandonAsync();
            return;
        }

        core.NoteCompactionTrouble(null);
        Note(plan, outputs);
    }

    // Whoever waits for a compaction is told at the first trouble, also when it is another compaction's or a flush's; the worker goes on trying.
    private void NoteTrouble(Exception exception)
    {
        core.NoteCompactionTrouble(exception.Message);
        ManualCompaction[] waiting;
        lock (_gate)
        {
            waiting = [.. _manual];
        }

        foreach (ManualCompaction manual in waiting)
        {
            manual.Fail(new LsmException($"a compaction of the tree in '{core.Options.Folder}' failed: {exception.Message}", exception));
        }
    }

    private void Note(CompactionPlan plan, IReadOnlyList<LsmTable> outputs)
    {
        if (plan.MovesOnly)
        {
            core.Counters.AddTrivialMove();
            core.Platform.Probes.Reachable("lsm.moved-down");
            return;
        }

        long written = 0;
        for (int i = 0; i < outputs.Count; i++)
        {
            written += outputs[i].Summary.Length;
        }

        core.Counters.AddCompaction(plan.BytesIn, written);
        core.Platform.Probes.Reachable("lsm.compacted");
        LsmEvents.LogCompacted(
            core.Logger, core.Options.Folder, plan.Upper.Length + plan.Lower.Length, plan.Level, outputs.Count, plan.BytesIn, written);
    }

    private static VersionEdit EditOf(CompactionPlan plan, IReadOnlyList<LsmTable> outputs)
    {
        var removed = new List<(int, ulong)>();
        foreach (LsmTable table in plan.Upper)
        {
            removed.Add((plan.Level, table.Number));
        }

        foreach (LsmTable table in plan.Lower)
        {
            removed.Add((plan.OutputLevel, table.Number));
        }

        var added = new List<(int, LsmTable)>();
        for (int i = 0; i < outputs.Count; i++)
        {
            added.Add((plan.OutputLevel, outputs[i]));
        }

        return new VersionEdit
        {
            Removed = removed,
            Added = added,
            Pointers = plan.Level > 0 ? [(plan.Level, plan.LargestKey)] : [],
        };
    }
}
