// The LSM tree under crash test. It has no log, so its owner's memory stands for one: the history of batches in the expectation. The promises: the
// tree opens with a sequence that is at least what it called durable, holds exactly what was applied up to there, and takes what came behind it again; a batch is there whole or not
// at all; snapshots and cursors show their moment whatever happens meanwhile; after a failure nothing is accepted; a stop leaves no file that nothing refers to.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Batches, flushes, compactions and reads of a tree, with snapshots and cursors that stay open between them.</summary>
internal sealed class LsmWorkload(LsmPlan plan) : IStorageWorkload, IRotCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(20);
    private readonly WriteBatch _batch = new();
    private LsmReaders? _readers;
    private TreeExpectation _expectation = TreeExpectation.Nothing;
    private LsmTree? _tree;
    private bool _failed;

    // What a tree shows that failed while its content was replaced: a restart decides which of the two it is.
    private TreeContent? _shown;

    /// <inheritdoc/>
    public object Expectation
    {
        get
        {
            if (_tree is { } tree && tree.DurableSequence > _expectation.Certain)
            {
                _expectation = _expectation with { Certain = tree.DurableSequence };
            }

            return _expectation;
        }
    }

    /// <inheritdoc/>
    public string Describe() => $"tree with {plan}";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (TreeExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "workload");
        using var prompt = new Promptness("lsm", platform, stop);
        LsmTree tree;
        try
        {
            tree = await prompt.CallAsync("opening", () => LsmRecovery.OpenAsync(platform, scope, plan.TreeOptions, stop));
        }
        catch (Exception exception) when (IsQuiet(exception, stop))
        {
            // The disk did not let it open, or it was told to stop: nothing is known that was not known before.
            return;
        }

        _readers = new LsmReaders(tree);
        try
        {
            TreeMoment found = _expectation.Find(tree.DurableSequence);
            await _readers.TryAsync(() => TreeInspector.CheckAsync(tree, found.Content, null, stop));
            _expectation = _expectation.Found(found);
            _tree = tree;
            await PerformAsync(tree, platform, prompt, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to stop.
        }

        if (!plan.StopsBusy)
        {
            await _readers.ReleaseAsync();
        }

        await OrderlyEnd.StopAsync("lsm", tree.StopAsync, scope);
        await CheckStoppedAsync(tree);
        await _readers.ReleaseAsync();
    }

    /// <inheritdoc/>
    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        try
        {
            await new LsmRecovery(plan.TreeOptions).CheckAsync(platform, (TreeExpectation)expectation, stop);
        }
        catch (LsmCorruptException exception)
        {
            throw new StorageViolationException("lsm.damaged", exception.Message);
        }
    }

    /// <inheritdoc/>
    public Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop) =>
        new LsmRecovery(plan.TreeOptions).CheckRottenAsync(platform, (TreeExpectation)expectation, stop);

    // A failing disk explains it. Damage is never explained: what is durable stays as it is.
    private static bool IsQuiet(Exception exception, CancellationToken stop) =>
        (exception is LsmException and not LsmCorruptException) || (exception is OperationCanceledException && stop.IsCancellationRequested);

    /// <summary>Applies a batch of the history.</summary>
    internal static async Task ApplyAsync(LsmTree tree, WriteBatch batch, TreeMoment moment, CancellationToken stop)
    {
        TreeContent.Fill(batch, moment.Changes, moment.Sequence);
        await tree.ApplyAsync(batch, moment.Sequence, stop);
    }

    private async Task PerformAsync(LsmTree tree, IPlatform platform, Promptness prompt, CancellationToken stop)
    {
        // What the tree does not hold comes again from its owner's log.
        for (int i = 1; i < _expectation.History.Count && !_failed; i++)
        {
            if (!await prompt.CallAsync("applying again", () => TryApplyAsync(tree, _expectation.History[i], stop)))
            {
                return;
            }
        }

        foreach (LsmOperation operation in plan.Operations)
        {
            if (_failed || stop.IsCancellationRequested)
            {
                break;
            }

            await (operation.Kind == LsmOperationKind.Replace
                ? ReplaceAsync(tree, operation, prompt, stop)
                : prompt.CallAsync(operation.Kind, () => PerformAsync(tree, platform, operation, stop)));
        }

        if (_failed)
        {
            await CheckRefusesAsync(tree, stop);
        }
    }

    private async Task PerformAsync(LsmTree tree, IPlatform platform, LsmOperation operation, CancellationToken stop)
    {
        TreeContent now = _expectation.Last.Content;
        switch (operation.Kind)
        {
            case LsmOperationKind.Apply:
                await ApplyNewAsync(tree, operation, stop);
                break;
            case LsmOperationKind.MakeRoom:
                await MakeRoomAsync(tree, operation, stop);
                break;
            case LsmOperationKind.WaitForDurable:
                await WaitForDurableAsync(tree, platform, operation.Amount, stop);
                break;
            case LsmOperationKind.Flush:
                await FlushAsync(tree, platform, operation.Amount, stop);
                break;
            case LsmOperationKind.Compact:
                await CompactAsync(tree, platform, operation.Amount, stop);
                break;
            case LsmOperationKind.Get:
                await _readers!.TryAsync(async () =>
                {
                    await TreeInspector.CheckGetsAsync((key, token) => tree.GetAsync(key, null, token), now, stop);
                    await TreeInspector.CheckSeeksAsync(tree, now, stop);
                });
                break;
            case LsmOperationKind.Verify:
                await _readers!.TryAsync(() => VerifyAsync(tree, stop));
                break;
            default:
                await _readers!.PerformAsync(platform, operation, now, stop);
                break;
        }
    }

    // With a failing disk a problem may be an error of the disk.
    private static async Task VerifyAsync(LsmTree tree, CancellationToken stop)
    {
        LsmVerification verification = await tree.VerifyAsync(stop);
        if (verification.Problems.FirstOrDefault(static problem => problem.Contains("damaged", StringComparison.Ordinal)) is { } damage)
        {
            throw new StorageViolationException("lsm.tables-damaged", damage);
        }
    }

    private async Task ApplyNewAsync(LsmTree tree, LsmOperation operation, CancellationToken stop)
    {
        ulong sequence = _expectation.Last.Sequence + 1 + (ulong)operation.Amount;
        TreeExpectation before = _expectation;
        var moment = new TreeMoment(sequence, operation.Changes, before.Last.Content.After(operation.Changes, sequence));

        // Before the call: a flush may begin at once.
        _expectation = before with { History = before.History.Add(moment) };
        if (!await TryApplyAsync(tree, moment, stop))
        {
            // Nothing was changed, and nothing of it may ever be there.
            _expectation = _expectation with { History = before.History };
        }
    }

    // Room that was made for a batch is there when it comes, whatever becomes of the disk.
    private async Task MakeRoomAsync(LsmTree tree, LsmOperation operation, CancellationToken stop)
    {
        const long BatchBytes = 8 << 10;
        try
        {
            await tree.MakeRoomAsync(BatchBytes, stop);
        }
        catch (LsmStalledException)
        {
            return;
        }
        catch (LsmFailedException)
        {
            _failed = true;
            return;
        }

        await ApplyNewAsync(tree, operation, stop);
    }

    // Half of those who wait give up soon, and go on with something else.
    private static TimeSpan PatienceOf(int amount) => amount % 2 == 0 ? Patience : Impatience;

    // Only what is not durable yet is waited for, and for long only if nothing else makes it so.
    private async Task WaitForDurableAsync(LsmTree tree, IPlatform platform, int amount, CancellationToken stop)
    {
        ulong before = tree.DurableSequence;
        if (before == tree.LastSequence)
        {
            return;
        }

        using Deadline deadline = Deadline.After(platform.Clock, PatienceOf(amount), stop);
        try
        {
            Task<ulong> waiting = tree.WaitForDurableAsync(before, deadline.Token).AsTask();
            await Join.AllAsync([waiting, tree.FlushAsync(deadline.Token)]);
            ulong durable = await waiting;
            if (durable <= before)
            {
                throw new StorageViolationException("lsm.waited-for-nothing", $"who waits for more than {before} is told of {durable}");
            }
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            // The disk takes longer than this waits.
        }
        catch (LsmException exception) when (exception is not LsmCorruptException)
        {
            _failed |= exception is LsmFailedException;
        }
    }

    private async Task ReplaceAsync(LsmTree tree, LsmOperation operation, Promptness prompt, CancellationToken stop)
    {
        TreeContent before = _expectation.Last.Content;
        ulong sequence = _expectation.Last.Sequence + 1 + (ulong)operation.Amount;
        PlannedChange[] changes = TreeReplacing.ChangesOf(operation);
        var next = new TreeMoment(sequence, changes, _expectation.Last.Content.After(changes, sequence));
        try
        {
            await TreeReplacing.RunAsync(
                tree, next, givesUp: operation.Amount % 4 == 0, () => _expectation = _expectation with { History = _expectation.History.Add(next) }, prompt, stop);
        }
        catch (LsmException exception) when (exception is not LsmCorruptException)
        {
            // What was not written is thrown away; where the last step fails, the tree has.
            _failed |= exception is LsmFailedException;
            _shown = before;
            return;
        }

        if (_expectation.Last == next)
        {
            _readers!.ForgetSnapshots();
            if (tree.DurableSequence < sequence)
            {
                throw new StorageViolationException("lsm.replaced-not-durable", $"everything was replaced at {sequence}, and {tree.DurableSequence} is durable");
            }
        }
    }

    private async Task<bool> TryApplyAsync(LsmTree tree, TreeMoment moment, CancellationToken stop)
    {
        try
        {
            await ApplyAsync(tree, _batch, moment, stop);
            return true;
        }
        catch (LsmStalledException exception)
        {
            if (tree.Statistics.FailedAttempts == 0 || exception.Message.Contains("damaged", StringComparison.Ordinal))
            {
                throw new StorageViolationException("lsm.stalled-without-cause", $"no failing call of the disk explains it: {exception.Message}");
            }

            return false;
        }
        catch (LsmFailedException)
        {
            _failed = true;
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task FlushAsync(LsmTree tree, IPlatform platform, int amount, CancellationToken stop)
    {
        ulong last = tree.LastSequence;
        using Deadline deadline = Deadline.After(platform.Clock, PatienceOf(amount), stop);
        try
        {
            await tree.FlushAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            return;
        }
        catch (LsmFailedException)
        {
            _failed = true;
            return;
        }

        if (tree.DurableSequence < last)
        {
            throw new StorageViolationException(
                "lsm.flush-left-behind", string.Create(CultureInfo.InvariantCulture, $"a flush returned, and {tree.DurableSequence} of {last} is durable"));
        }
    }

    private async Task CompactAsync(LsmTree tree, IPlatform platform, int amount, CancellationToken stop)
    {
        LsmRange range = amount < 3
            ? LsmRange.All
            : new LsmRange(TreeKeys.BytesOf(TreeKeys.Of(amount * 5)), amount == 7 ? null : (ReadOnlyMemory<byte>?)TreeKeys.BytesOf(TreeKeys.Of(amount * 7)));
        ulong last = tree.LastSequence;
        using Deadline deadline = Deadline.After(platform.Clock, PatienceOf(amount), stop);
        try
        {
            await tree.CompactAsync(range, deadline.Token);
            CheckCompacted(tree, range, last);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            // The disk takes longer than this waits.
        }
        catch (LsmException exception) when (exception is not LsmCorruptException)
        {
            LsmReaders.CheckNotDamaged(exception);
            _failed |= exception is LsmFailedException;
        }
    }

    // One level holds all of it, and, where nobody looks at the past, nothing that is not there any more.
    private void CheckCompacted(LsmTree tree, LsmRange range, ulong last)
    {
        if (tree.DurableSequence < last)
        {
            throw new StorageViolationException("lsm.compaction-left-behind", $"a compaction returned, and {tree.DurableSequence} of {last} is durable");
        }

        LsmStatistics statistics = tree.Statistics;
        long entries = statistics.Levels.Sum(static level => level.Entries);
        int pairs = _expectation.Last.Content.Pairs.Count;
        if (range.Equals(LsmRange.All)
            && (statistics.Levels.Count(static level => level.Tables > 0) > 1 || (!_readers!.HoldSnapshots && entries > pairs)))
        {
            throw new StorageViolationException(
                "lsm.not-compacted", $"all was compacted, {pairs} keys exist, and the levels hold {string.Join(", ", statistics.Levels)}");
        }
    }

    private async Task CheckRefusesAsync(LsmTree tree, CancellationToken stop)
    {
        TreeContent.Fill(_batch, [new PlannedChange(PlannedChangeKind.Put, 1, 0, 8)], ulong.MaxValue);
        try
        {
            await tree.ApplyAsync(_batch, _expectation.Last.Sequence + 1, stop);
        }
        catch (LsmFailedException)
        {
            // Reads go on.
            await _readers!.TryAsync(() => TreeInspector.CheckAsync(tree, _shown ?? _expectation.Last.Content, null, stop));
            return;
        }

        throw new StorageViolationException("lsm.accepts-after-failure", "the tree failed, and then took a batch");
    }

    private async Task CheckStoppedAsync(LsmTree tree)
    {
        try
        {
            await tree.GetAsync(TreeKeys.BytesOf("a"), null, CancellationToken.None);
        }
        catch (LsmClosedException)
        {
            await _readers!.CheckClosedAsync();
            return;
        }

        throw new StorageViolationException("lsm.answers-after-stop", "a stopped tree answered");
    }
}
