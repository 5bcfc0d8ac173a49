// The audit log under crash test. The promises: what was acknowledged is there, in order, chained, readable, under the number and hash that were given out,
// after every crash; of what was not, any prefix; nothing else, ever; only retention takes away, from the beginning, and then says where the chain begins.

using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>Appends events, several at a time, while files rotate, are compressed and removed, and clocks jump.</summary>
internal sealed class AuditWorkload(AuditPlan plan) : IStorageWorkload, IRotCheck
{
    private readonly List<Task> _appends = [];
    private AuditExpectation _expectation = AuditExpectation.Nothing;
    private ulong _base;
    private int _posted;
    private int _refused;
    private bool _failed;

    /// <inheritdoc/>
    public object Expectation => _expectation;

    /// <inheritdoc/>
    public string Describe() => $"audit log with {plan}";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (AuditExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var jumping = new JumpingPlatform(platform);
        await using var scope = new TaskScope(platform.Tasks, "workload");
        using var prompt = new Promptness("audit", platform, stop);
        _expectation = Retiring(_expectation);
        AuditLog log;
        try
        {
            // Whatever it says of what a crash left, it changes nothing.
            await prompt.CallAsync("verifying the folder", () => AuditLog.VerifyFolderAsync(platform.Disk, plan.Options.Directory, stop));
            log = await prompt.CallAsync("opening", () => OpenAsync(jumping, scope, stop));
        }
        catch (Exception exception) when (exception is AuditException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The disk did not let it open, or it was told to stop: nothing is known that was not known before.
            return;
        }

        if (await prompt.CallAsync("reading all", () => TryFindAsync(log, stop)))
        {
            _base = (ulong)_expectation.Certain.Count;
            foreach (AuditOperation operation in plan.Operations)
            {
                if (_failed || stop.IsCancellationRequested)
                {
                    break;
                }

                await PerformAsync(jumping, log, operation, prompt, stop);
            }
        }

        if (!plan.StopsBusy)
        {
            await SettleAsync();
        }

        if (_failed)
        {
            await CheckRefusesAsync(log);
        }

        await OrderlyEnd.StopAsync("audit", log.StopAsync, scope);
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
        AuditExpectation expected = Retiring((AuditExpectation)expectation);
        await using (var scope = new TaskScope(platform.Tasks, "check"))
        {
            AuditLog log = await OpenAsync(platform, scope, stop);
            expected = expected.Find(await AuditContent.ReadAsync(log, stop));
            for (int i = 1; i <= 2; i++)
            {
                string resource = $"after the crash {i}";
                AuditPosition position = await log.AppendAsync(AuditTexts.Event(resource, 30), stop);
                expected = (expected with { Pending = expected.Pending.Add(resource) }).Acknowledged(position);
                await log.RotateAsync(stop);
            }

            await log.StopAsync();
        }

        await CheckNamesAsync(platform, stop);
        AuditVerification folder = await AuditLog.VerifyFolderAsync(platform.Disk, plan.Options.Directory, stop);
        if (!folder.IsSound || folder.LastHash != expected.LastHash)
        {
            throw new StorageViolationException("audit.not-sound-at-rest", $"the folder of a stopped log: {folder.FirstBad}, last hash {folder.LastHash}, acknowledged was {expected.LastHash}");
        }

        (long bytes, _) = await RetentionCheck.MeasureAsync(platform.Disk, plan.Options.Directory, stop);
        await using var second = new TaskScope(platform.Tasks, "check-again");
        var jumping = new JumpingPlatform(platform);
        AuditLog again = await OpenAsync(jumping, second, stop);
        AuditContent content = await AuditContent.ReadAsync(again, stop);
        _ = expected.Find(content);
        await RetentionCheck.CheckAsync(jumping, again, plan.Options, bytes, content, stop);
        await RetentionCheck.CheckAfterJumpAsync(jumping, again, plan.Options, stop);
        if (again.RecoveredBytesCut > 0)
        {
            throw new StorageViolationException("audit.cut-after-stop", $"{again.RecoveredBytesCut} bytes were cut although the log was stopped before");
        }

        await again.StopAsync();
    }

    /// <inheritdoc/>
    public async Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop)
    {
        AuditExpectation expected = Retiring((AuditExpectation)expectation);
        await using var scope = new TaskScope(platform.Tasks, "rot");
        AuditLog log;
        try
        {
            log = await AuditLog.OpenAsync(platform, scope, plan.Options, stop);
        }
        catch (AuditCorruptException exception) when (exception.Defect.File == path)
        {
            return true;
        }

        AuditContent found = await AuditContent.ReadAsync(log, stop);
        await log.StopAsync();
        if (found.Check.FirstBad is { } defect)
        {
            // A compressed file may have been named by its plain form, or the other way round, if the log got on with it meanwhile.
            return defect.File == path || path.StartsWith(defect.File, StringComparison.Ordinal) || defect.File.StartsWith(path, StringComparison.Ordinal)
                ? true
                : throw new StorageViolationException("audit.rot-misplaced", $"a bit of {path} was flipped, but the check blames {defect}");
        }

        if (found.Last == (ulong)expected.Certain.Count)
        {
            _ = expected.Find(found);
            return false;
        }

        // A damaged last batch looks exactly like a torn one, which is cut, and says so.
        return log.RecoveredBytesCut > 0 && expected.BeginsWith(found)
            ? true
            : throw new StorageViolationException("audit.rot-unnoticed", $"the log holds {found}, but it ended with event {expected.Certain.Count}");
    }

    private AuditExpectation Retiring(AuditExpectation expectation) =>
        expectation with { MayRetire = expectation.MayRetire || plan.Options.RetentionAge is not null || plan.Options.RetentionBytesMax is not null };

    private async Task<AuditLog> OpenAsync(IPlatform platform, TaskScope scope, CancellationToken stop)
    {
        try
        {
            return await AuditLog.OpenAsync(platform, scope, plan.Options, stop);
        }
        catch (AuditCorruptException exception)
        {
            throw new StorageViolationException("audit.refused-to-open", exception.Message);
        }
    }

    // After a stop no temporary file is left, and no file has two forms.
    private async Task CheckNamesAsync(IPlatform platform, CancellationToken stop)
    {
        IReadOnlyList<string> names = await platform.Disk.ListAsync(plan.Options.Directory, stop);
        foreach (string name in names)
        {
            if (name.EndsWith(".tmp", StringComparison.Ordinal) || names.Contains($"{name}.gz"))
            {
                throw new StorageViolationException("audit.left-behind", $"the stopped log left {name} among {string.Join(", ", names)}");
            }
        }
    }

    private async Task<bool> TryFindAsync(AuditLog log, CancellationToken stop)
    {
        try
        {
            _expectation = _expectation.Find(await AuditContent.ReadAsync(log, stop));
            return true;
        }
        catch (Exception exception) when (exception is AuditException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // A read failed or was given up: what is there is as unknown as before.
            return false;
        }
    }

    private async Task PerformAsync(JumpingPlatform platform, AuditLog log, AuditOperation operation, Promptness prompt, CancellationToken stop)
    {
        switch (operation.Kind)
        {
            case AuditOperationKind.Append:
                for (int i = 0; i < operation.Count; i++)
                {
                    Post(log, operation.Size, stop);
                }

                break;
            case AuditOperationKind.Rotate:
                _appends.Add(FollowRotationAsync(log.RotateAsync(stop), stop));
                break;
            case AuditOperationKind.Settle:
                await SettleAsync();
                break;
            case AuditOperationKind.Wait:
                await WaitAsync(platform.Clock, stop);
                break;
            case AuditOperationKind.JumpClock:
                platform.SetClock.Jump(TimeSpan.FromHours(operation.Hours));
                break;
            case AuditOperationKind.Verify:
                await prompt.CallAsync("verifying", () => VerifyAsync(log, stop));
                break;
            case AuditOperationKind.Read:
                await prompt.CallAsync("reading", () => ReadAsync(platform, log, operation, stop));
                break;
        }
    }

    private static async Task WaitAsync(TimeProvider clock, CancellationToken stop)
    {
        try
        {
            await clock.DelayAsync(TimeSpan.FromMilliseconds(200), stop);
        }
        catch (OperationCanceledException)
        {
            // The workload ends.
        }
    }

    private void Post(AuditLog log, int size, CancellationToken stop)
    {
        // Before the call: its first write may begin at once.
        string resource = string.Create(CultureInfo.InvariantCulture, $"{_base + (ulong)_posted + 1}");
        _expectation = _expectation with { Pending = _expectation.Pending.Add(resource) };
        _posted++;
        _appends.Add(FollowAsync(log.AppendAsync(AuditTexts.Event(resource, size), stop), _base + (ulong)_posted, stop));
    }

    private async Task FollowAsync(Task<AuditPosition> append, ulong number, CancellationToken stop)
    {
        try
        {
            AuditPosition position = await append;
            if (position.Sequence != number)
            {
                throw new StorageViolationException("audit.wrong-number", $"event {number} was acknowledged as event {position.Sequence}");
            }

            // The order of the calls is the order of the log: with this one, all before it are durable.
            _expectation = _expectation.Acknowledged(position);
        }
        catch (AuditException)
        {
            _failed = true;
        }
        catch (Exception exception) when (exception is AuditClosedException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            _refused++;
        }
    }

    private async Task FollowRotationAsync(Task rotation, CancellationToken stop)
    {
        try
        {
            await rotation;
        }
        catch (AuditException)
        {
            _failed = true;
        }
        catch (Exception exception) when (exception is AuditClosedException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // Nothing changed.
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

    private async Task VerifyAsync(AuditLog log, CancellationToken stop)
    {
        int certain = _expectation.Certain.Count;
        try
        {
            AuditVerification found = await log.VerifyAsync(stop);
            if (!found.IsSound || found.LastSequence < (ulong)certain)
            {
                throw new StorageViolationException(
                    "audit.not-sound-while-open", $"{found.FirstBad}; events up to {found.LastSequence} were found, {certain} are certain");
            }
        }
        catch (Exception exception) when (exception is AuditException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // A read failed, or was given up.
        }
    }

    private async Task ReadAsync(IPlatform platform, AuditLog log, AuditOperation operation, CancellationToken stop)
    {
        try
        {
            await new AuditReading(platform, log, _expectation.MayRetire, operation.Number).CheckAsync(stop);
        }
        catch (Exception exception) when (exception is AuditException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // A read failed, or was given up.
        }
    }

    private async Task CheckRefusesAsync(AuditLog log)
    {
        try
        {
            await log.AppendAsync(AuditTexts.Event("never", 0), CancellationToken.None);
        }
        catch (AuditException)
        {
            return;
        }

        throw new StorageViolationException("audit.accepts-after-failure", "the log failed, and then acknowledged an event");
    }
}
