// The key-value store under crash test: log and tree together, and several writers at a time. The promises: a write that was acknowledged is there after every
// crash; of those that were not, any number in the order of their calls; each is there whole or not at all; what was refused is never there.

using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Writes, several under way at once, with flushes, compactions and reads between them.</summary>
internal sealed class KeyValueWorkload(KeyValuePlan plan) : IStorageWorkload, IRotCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Queue<Task> _writes = new();
    private KeyValueExpectation _expectation = KeyValueExpectation.Nothing;
    private LsmReaders? _readers;
    private bool _failed;

    /// <inheritdoc/>
    public object Expectation => _expectation;

    /// <inheritdoc/>
    public string Describe() => $"store with {plan}";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (KeyValueExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "workload");
        using var prompt = new Promptness("kv", platform, stop);
        KeyValueStore store;
        try
        {
            store = await prompt.CallAsync("opening", () => OpenAsync(platform, scope, stop));
        }
        catch (Exception exception) when (IsOfTheDisk(exception) || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The disk did not let it open, or it was told to stop: nothing is known that was not known before.
            await OrderlyEnd.StopAsync(scope.StopAsync);
            return;
        }

        _readers = new LsmReaders(store.Tree);
        try
        {
            IReadOnlyList<KeyValuePair<string, byte[]>>? held = null;
            await _readers.TryAsync(async () => held = await KeyValueExpectation.ReadAsync(store.Tree, stop));
            if (held is not null)
            {
                _expectation = _expectation.Found(_expectation.Find(held));
                await PerformAsync(store, platform, prompt, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to stop.
        }

        if (!plan.Tree.StopsBusy)
        {
            await SettleAsync();
            await _readers.ReleaseAsync();
        }

        await OrderlyEnd.StopAsync("kv", store.StopAsync, scope);
        await SettleAsync();
        await CheckStoppedAsync(store);
        await _readers.ReleaseAsync();
    }

    /// <inheritdoc/>
    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        try
        {
            await RecoverAsync(platform, (KeyValueExpectation)expectation, stop);
        }
        catch (LsmCorruptException exception)
        {
            throw new StorageViolationException("kv.damaged", exception.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop)
    {
        var expected = (KeyValueExpectation)expectation;
        await using var scope = new TaskScope(platform.Tasks, "rot");
        KeyValueStore? store = null;
        try
        {
            store = await KeyValueStore.OpenAsync(platform, scope, plan.Options, stop);
            IReadOnlyList<KeyValuePair<string, byte[]>> held = await KeyValueExpectation.ReadAsync(store.Tree, stop);
            if (!(await store.Tree.VerifyAsync(stop)).IsGood)
            {
                return true;
            }

            if (KeyValueExpectation.IsSame(expected.Certain, held))
            {
                return false;
            }

            // A damaged last batch of the log looks exactly like a torn one, which is cut.
            _ = expected.Pending.Count == 0 && expected.Past.Exists(past => KeyValueExpectation.IsSame(past, held)) ? expected.Certain : expected.Find(held);
            return true;
        }
        catch (Exception exception) when (exception is LsmCorruptException or LogCorruptException)
        {
            return true;
        }
        finally
        {
            await (store?.StopAsync() ?? Task.CompletedTask);
        }
    }

    private async Task RecoverAsync(IPlatform platform, KeyValueExpectation expected, CancellationToken stop)
    {
        await using (var scope = new TaskScope(platform.Tasks, "check"))
        {
            KeyValueStore store = await OpenAsync(platform, scope, stop);
            TreeContent found = expected.Find(await KeyValueExpectation.ReadAsync(store.Tree, stop));
            await TreeInspector.CheckAsync(store.Tree, found, null, stop);
            expected = expected.Found(found);
            PlannedChange[][] further =
            [
                [new PlannedChange(PlannedChangeKind.DeletePrefix, 1, 0, 0), new PlannedChange(PlannedChangeKind.Put, 7, 0, 300)],
                [new PlannedChange(PlannedChangeKind.Delete, 7, 0, 0), new PlannedChange(PlannedChangeKind.Delete, 2, 0, 0)],
            ];
            foreach (PlannedChange[] changes in further)
            {
                expected = expected.Begin(changes);
                await WriteAsync(store, expected.Pending[^1], stop);
                expected = expected.Acknowledge(expected.Next - 1);
                await store.Tree.FlushAsync(stop);
            }

            await store.SyncAsync(stop);
            await store.StopAsync();
        }

        await using var second = new TaskScope(platform.Tasks, "check-again");
        KeyValueStore again = await OpenAsync(platform, second, stop);
        _ = expected.Find(await KeyValueExpectation.ReadAsync(again.Tree, stop));
        await again.StopAsync();
    }

    private static bool IsOfTheDisk(Exception exception) => exception is WriteAheadLogException or (LsmException and not LsmCorruptException);

    private static async Task WriteAsync(KeyValueStore store, PendingBatch write, CancellationToken stop)
    {
        var batch = new WriteBatch();
        TreeContent.Fill(batch, write.Changes, write.Number);
        byte[] key = TreeKeys.BytesOf(TreeKeys.Of(write.Changes[0].Key));
        await ((write.Changes.Count, write.Changes[0].Kind) switch
        {
            (1, PlannedChangeKind.Put) => store.PutAsync(key, TreeContent.ValueOf(write.Changes[0], write.Number, 0).ToBytes(), stop),
            (1, PlannedChangeKind.Delete) => store.DeleteAsync(key, stop),
            _ => store.WriteAsync(batch, stop),
        });
    }

    private async Task<KeyValueStore> OpenAsync(IPlatform platform, TaskScope scope, CancellationToken stop)
    {
        try
        {
            return await KeyValueStore.OpenAsync(platform, scope, plan.Options, stop);
        }
        catch (Exception exception) when (exception is LsmCorruptException or LogCorruptException)
        {
            throw new StorageViolationException("kv.refused-to-open", exception.Message);
        }
    }

    private async Task PerformAsync(KeyValueStore store, IPlatform platform, Promptness prompt, CancellationToken stop)
    {
        foreach (LsmOperation operation in plan.Tree.Operations)
        {
            if (_failed || stop.IsCancellationRequested)
            {
                break;
            }

            if (operation.Kind is not (LsmOperationKind.Apply or LsmOperationKind.Wait))
            {
                // What is under way may be visible or not: reads are compared when nothing is.
                await SettleAsync();
            }

            if (!_failed)
            {
                await (operation.Kind == LsmOperationKind.Apply
                    ? PerformAsync(store, platform, operation, stop)
                    : prompt.CallAsync(operation.Kind, () => PerformAsync(store, platform, operation, stop)));
            }
        }
    }

    private async Task PerformAsync(KeyValueStore store, IPlatform platform, LsmOperation operation, CancellationToken stop)
    {
        TreeContent now = _expectation.Certain;
        switch (operation.Kind)
        {
            case LsmOperationKind.Replace or LsmOperationKind.MakeRoom or LsmOperationKind.WaitForDurable:
                // The store's own business.
                break;
            case LsmOperationKind.Apply:
                await BeginAsync(store, operation.Changes, stop);
                break;
            case LsmOperationKind.Flush:
                await TryAsync(platform, token => store.Tree.FlushAsync(token), stop);
                break;
            case LsmOperationKind.Compact:
                await TryAsync(platform, token => store.Tree.CompactAsync(LsmRange.All, token), stop);
                break;
            case LsmOperationKind.Get or LsmOperationKind.Verify:
                await _readers!.TryAsync(() => TreeInspector.CheckGetsAsync((key, token) => store.GetAsync(key, null, token), now, stop));
                break;
            default:
                await _readers!.PerformAsync(platform, operation, now, stop);
                break;
        }
    }

    private async Task BeginAsync(KeyValueStore store, IReadOnlyList<PlannedChange> changes, CancellationToken stop)
    {
        while (_writes.Count >= plan.InFlightMax)
        {
            await _writes.Dequeue();
        }

        if (!_failed)
        {
            // Before the call: its first write may begin at once.
            _expectation = _expectation.Begin(changes);
            _writes.Enqueue(FollowAsync(store, _expectation.Pending[^1], stop));
        }
    }

    private async Task FollowAsync(KeyValueStore store, PendingBatch write, CancellationToken stop)
    {
        try
        {
            await WriteAsync(store, write, stop);
            _expectation = _expectation.Acknowledge(write.Number);
        }
        catch (Exception exception) when (exception is LsmStalledException or LsmClosedException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            _expectation = _expectation.Refuse(write.Number);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            // Whether it is there is known after the next opening.
            _failed = true;
        }
    }

    private async Task SettleAsync()
    {
        while (_writes.TryDequeue(out Task? write))
        {
            await write;
        }
    }

    private async Task TryAsync(IPlatform platform, Func<CancellationToken, Task> act, CancellationToken stop)
    {
        using Deadline deadline = Deadline.After(platform.Clock, Patience, stop);
        try
        {
            await act(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            // The disk is full for longer than this waits.
        }
        catch (LsmException exception) when (exception is not LsmCorruptException)
        {
            LsmReaders.CheckNotDamaged(exception);
            _failed |= exception is LsmFailedException;
        }
    }

    private async Task CheckStoppedAsync(KeyValueStore store)
    {
        foreach (Func<Task> write in (Func<Task>[])
            [
                () => store.PutAsync(TreeKeys.BytesOf("a"), default, CancellationToken.None),
                () => store.DeleteAsync(TreeKeys.BytesOf("a"), CancellationToken.None),
                () => store.SyncAsync(CancellationToken.None),
            ])
        {
            try
            {
                await write();
            }
            catch (LsmClosedException)
            {
                continue;
            }

            throw new StorageViolationException("kv.accepts-after-stop", "a stopped store acknowledged a write");
        }

        await _readers!.CheckClosedAsync();
    }
}
