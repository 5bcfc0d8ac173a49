// The write-ahead log under crash test. The promises: what was acknowledged is there after every crash; of what was not, any prefix; nothing else, ever; and a log
// that lost durable bytes refuses to open, unless the loss looks like a torn last batch.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Storage.Wal;

/// <summary>Appends, overwrites, moves of the start and truncations, several at a time.</summary>
internal sealed class WalWorkload(WalPlan plan) : IStorageWorkload, IRotCheck
{
    private const int EntriesAfterCheck = 2;
    private readonly List<Task> _appends = [];
    private WalExpectation _expectation = WalExpectation.Nothing;
    private WalModel _accepted = WalModel.Empty;
    private int _posted;
    private int _certain;
    private int _refused;
    private bool _failed;

    /// <inheritdoc/>
    public object Expectation => _expectation;

    /// <inheritdoc/>
    public string Describe() => $"log with {plan}";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (WalExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        await using var scope = new TaskScope(platform.Tasks, "workload");
        WriteAheadLog log;
        try
        {
            log = await OpenAsync(platform, scope, stop);
        }
        catch (Exception exception) when (exception is WriteAheadLogException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The disk did not let it open, or it was told to stop: nothing is known that was not known before.
            return;
        }

        _accepted = _expectation.Find(log.Recovered);
        _expectation = new WalExpectation(_accepted, [], [_accepted]);
        foreach (WalOperation operation in plan.Operations)
        {
            if (_failed || stop.IsCancellationRequested)
            {
                break;
            }

            await PerformAsync(log, operation);
        }

        if (!plan.StopsBusy)
        {
            await SettleAsync();
        }

        if (_failed)
        {
            await CheckRefusesAsync(log);
        }

        Task stopping = OrderlyEnd.StopAsync("wal", log.StopAsync, scope);
        if (plan.StopsBusy)
        {
            PostLate(log);
        }

        await stopping;
        PostLate(log);
        await SettleAsync();
        if (_refused > 0)
        {
            // What a stopped log refused was not taken: nothing of it may ever be there.
            _expectation = _expectation with { Pending = _expectation.Pending.RemoveRange(_expectation.Pending.Count - _refused, _refused) };
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        var expected = (WalExpectation)expectation;
        WalModel found;
        await using (var scope = new TaskScope(platform.Tasks, "check"))
        {
            WriteAheadLog log = await OpenAsync(platform, scope, stop);
            found = expected.Find(log.Recovered);
            for (ulong i = 1; i <= EntriesAfterCheck; i++)
            {
                ulong term = found.Entries.Count > 0 ? found.Entries[^1].Term : found.Start.Term;
                var batch = new LogBatch { Entries = [new LogEntry(found.Last + 1, term + 1, LogEntryKind.Command, Payload(found.Last + 1, 60, 0xCC))] };
                await log.AppendAsync(batch, stop);
                found = found.After(batch);
            }

            await log.StopAsync();
        }

        await using var second = new TaskScope(platform.Tasks, "check-again");
        WriteAheadLog again = await OpenAsync(platform, second, stop);
        _ = new WalExpectation(found, [], expected.Past.Add(expected.Certain)).Find(again.Recovered);
        if (again.Recovered.BytesCut > 0)
        {
            throw new StorageViolationException("wal.cut-after-stop", $"{again.Recovered.BytesCut} bytes were cut although the log was stopped before");
        }

        await again.StopAsync();
    }

    /// <inheritdoc/>
    public async Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop)
    {
        var expected = (WalExpectation)expectation;
        await using var scope = new TaskScope(platform.Tasks, "rot");
        WriteAheadLog log;
        try
        {
            log = await WriteAheadLog.OpenAsync(platform, scope, plan.Options, stop);
        }
        catch (LogCorruptException)
        {
            return true;
        }

        WalModel found = WalModel.Of(log.Recovered);
        await log.StopAsync();
        if (found.Holds(expected.Certain))
        {
            return false;
        }

        // A damaged last batch looks exactly like a torn one, which is cut.
        return log.Recovered.BytesCut > 0 && expected.Past.Exists(found.Holds)
            ? true
            : throw new StorageViolationException("wal.rot-unnoticed", $"the log holds\n  {found.Describe()}\nwhich it never held; it ended as\n  {expected.Certain.Describe()}");
    }

    private static byte[] Payload(ulong index, int size, int salt)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            // Every other entry repeats itself, so that it compresses.
            int part = index % 2 == 0 ? i % 8 : i * i;
            bytes[i] = (byte)(((int)index * 37) + (salt * 11) + (part * 3) + 1);
        }

        return bytes;
    }

    private async Task<WriteAheadLog> OpenAsync(IPlatform platform, TaskScope scope, CancellationToken stop)
    {
        try
        {
            return await WriteAheadLog.OpenAsync(platform, scope, plan.Options, stop);
        }
        catch (LogCorruptException exception)
        {
            throw new StorageViolationException("wal.refused-to-open", exception.Message);
        }
    }

    private async Task PerformAsync(WriteAheadLog log, WalOperation operation)
    {
        ulong first = Math.Max(_accepted.Start.Index + 1, _accepted.Last + 1 - Math.Min((ulong)operation.Distance, _accepted.Last));
        switch (operation.Kind)
        {
            case WalOperationKind.Append:
                Post(log, new LogBatch { Entries = Entries(_accepted.Last + 1, operation) });
                break;
            case WalOperationKind.AppendNext:
                PostNext(log, operation);
                break;
            case WalOperationKind.Refused:
                await PostGapAsync(log, operation);
                break;
            case WalOperationKind.Overwrite:
                Post(log, new LogBatch { Entries = Entries(first, operation) });
                break;
            case WalOperationKind.State:
                Post(log, new LogBatch { State = State(operation) });
                break;
            case WalOperationKind.StateAndEntries:
                Post(log, new LogBatch { State = State(operation), Entries = Entries(_accepted.Last + 1, operation) });
                break;
            case WalOperationKind.Start when first <= _accepted.Last:
                Post(log, new LogBatch { Start = new LogPosition(first, _accepted.TermOf(first)) });
                break;
            case WalOperationKind.Install:
                Post(log, new LogBatch { Start = new LogPosition(_accepted.Last + 1 + (ulong)operation.Distance, 1_000) });
                break;
            case WalOperationKind.Truncate:
                _appends.Add(FollowTruncationAsync(log.TruncatePrefixAsync(_accepted.Start.Index, CancellationToken.None)));
                break;
            case WalOperationKind.Settle:
                await SettleAsync();
                break;
        }
    }

    private byte[] State(WalOperation operation) => Payload((ulong)_posted, Math.Min(operation.Size, 64), 0x55);

    private LogEntry[] Entries(ulong first, WalOperation operation)
    {
        var entries = new LogEntry[operation.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            ulong index = first + (ulong)i;

            // Terms tell an entry from the one that it replaces.
            entries[i] = new LogEntry(index, (ulong)_posted + 1, LogEntryKind.Command, Payload(index, operation.Size + i, _posted));
        }

        return entries;
    }

    private void Post(WriteAheadLog log, LogBatch batch)
    {
        // Before the call: its first write may begin at once.
        _expectation = _expectation with { Pending = _expectation.Pending.Add(batch) };
        _accepted = _accepted.After(batch);
        _appends.Add(FollowAsync(log.AppendAsync(batch, CancellationToken.None), ++_posted));
    }

    // To a log that is being stopped, or is: it refuses, or it accepted and keeps; it does not leave anybody waiting.
    private void PostLate(WriteAheadLog log) =>
        Post(log, new LogBatch { Entries = Entries(_accepted.Last + 1, new WalOperation(WalOperationKind.Append, 1, 8, 0)) });

    private void PostNext(WriteAheadLog log, WalOperation operation)
    {
        LogEntry entry = Entries(_accepted.Last + 1, operation with { Count = 1 })[0];
        var batch = new LogBatch { Entries = [entry] };
        _expectation = _expectation with { Pending = _expectation.Pending.Add(batch) };
        _accepted = _accepted.After(batch);
        _appends.Add(FollowAsync(CheckIndexAsync(log.AppendNextAsync(entry.Term, entry.Kind, entry.Payload, CancellationToken.None), entry.Index), ++_posted));
    }

    private static async Task CheckIndexAsync(Task<ulong> append, ulong expected)
    {
        ulong index = await append;
        if (index != expected)
        {
            throw new StorageViolationException("wal.wrong-index", string.Create(CultureInfo.InvariantCulture, $"entry {expected} was given index {index}"));
        }
    }

    private async Task PostGapAsync(WriteAheadLog log, WalOperation operation)
    {
        ulong index = _accepted.Last + 2 + (ulong)operation.Distance;
        try
        {
            await log.AppendAsync(new LogBatch { State = State(operation), Entries = Entries(index, operation) }, CancellationToken.None);
        }
        catch (ArgumentException)
        {
            return;
        }
        catch (WriteAheadLogException)
        {
            _failed = true;
            return;
        }

        throw new StorageViolationException("wal.gap-accepted", string.Create(CultureInfo.InvariantCulture, $"entry {index} was accepted behind {_accepted.Last}"));
    }

    private async Task FollowAsync(Task append, int number)
    {
        try
        {
            await append;
        }
        catch (WriteAheadLogException)
        {
            _failed = true;
            return;
        }
        catch (LogClosedException)
        {
            _refused++;
            return;
        }
        catch (ArgumentException exception)
        {
            throw new StorageViolationException("wal.refused-what-fits", exception.Message);
        }

        // The order of the calls is the order of the log: with this one, all before it are durable.
        if (number > _certain)
        {
            _expectation = _expectation.Acknowledged(number - _certain);
            _certain = number;
        }
    }

    private async Task FollowTruncationAsync(Task truncation)
    {
        try
        {
            await truncation;
        }
        catch (WriteAheadLogException)
        {
            _failed = true;
        }
        catch (LogClosedException)
        {
            // Nothing was deleted.
        }
    }

    private async Task SettleAsync()
    {
        for (int i = 0; i < _appends.Count; i++)
        {
            await _appends[i];
        }

        _appends.Clear();
    }

    private async Task CheckRefusesAsync(WriteAheadLog log)
    {
        try
        {
            await log.AppendAsync(new LogBatch { Entries = [new LogEntry(_accepted.Last + 1, 1, LogEntryKind.Command, Payload(1, 8, 0xEE))] }, CancellationToken.None);
        }
        catch (WriteAheadLogException)
        {
            return;
        }

        throw new StorageViolationException(
            "wal.accepts-after-failure", string.Create(CultureInfo.InvariantCulture, $"the log failed, and then acknowledged batch {_posted + 1}"));
    }
}
