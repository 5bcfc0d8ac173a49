// The audit log: what happened, in order, chained by hashes, durable before anyone is answered; readable with everyday tools when everything else is broken.
//
// Structure: AuditQueue (callers' side) -> AuditWriter (one task, group commit) -> ActiveAuditFile. AuditMaintenance (one task) compresses and removes closed
// files. Recovery is AuditRecoverer; queries, exports and the integrity check are AuditScanner. The format stands in docs/formats.md. The chain is the
// linked time-stamping of Haber and Stornetta (1991): it shows changes of what lies before a hash that is kept elsewhere.
//
// Faults: see AuditRecoverer (crash, torn tail, bit rot), AuditWriter (failing or full disk) and AuditFolder (names). Clocks decide when files change and
// what is old, never the order.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Storage.Audit;

/// <summary>An append-only, hash-chained log of events. Thread-safe.</summary>
public sealed class AuditLog
{
    private readonly AuditOptions _options;
    private readonly TimeProvider _clock;
    private readonly AuditQueue _queue;
    private readonly AuditFolder _folder;
    private readonly TaskScope _scope;

    private AuditLog(AuditOptions options, TimeProvider clock, AuditQueue queue, TaskScope scope, RecoveredAudit recovered)
    {
        _options = options;
        _clock = clock;
        _queue = queue;
        _scope = scope;
        _folder = recovered.Folder;
        Recovered = new AuditPosition(recovered.Next - 1, recovered.Previous);
        RecoveredBytesCut = recovered.BytesCut;
    }

    /// <summary>The last event that was there when the log was opened; number 0 for an empty log.</summary>
    public AuditPosition Recovered { get; }

    /// <summary>Length of the torn tail that was cut when the log was opened.</summary>
    public long RecoveredBytesCut { get; }

    /// <summary>Number of the last durable event; 0 for an empty log.</summary>
    public ulong LastSequence => _folder.LastSequence;

    /// <summary>Opens the log, or begins an empty one. Its tasks run until <see cref="StopAsync"/>, or until the owner stops.</summary>
    /// <exception cref="AuditCorruptException">Durable lines are damaged or missing; nothing was changed.</exception>
    /// <exception cref="AuditException">The disk failed.</exception>
    public static async Task<AuditLog> OpenAsync(
        IPlatform platform, TaskScope owner, AuditOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ILogger logger = platform.Logging.CreateLogger("SimGraph.Storage.Audit");
        RecoveredAudit recovered = await RecoverAsync(platform, options, logger, cancellationToken);
        try
        {
            AuditLogEvents.LogOpened(logger, options.Directory, recovered.Files, recovered.Next, recovered.BytesCut);
            var queue = new AuditQueue(options);
            var closed = new AsyncSignal();
            var writer = new AuditWriter(platform, options, queue, recovered, closed, logger);
            var maintenance = new AuditMaintenance(platform, options, recovered.Folder, closed, logger);
            TaskScope scope = owner.CreateChild("audit");
            scope.Run("maintain", maintenance.RunAsync);
            scope.Run("write", writer.RunAsync);
            return new AuditLog(options, platform.Clock, queue, scope, recovered);
        }
        catch
        {
            if (recovered.Active is not null)
            {
                await recovered.Active.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Checks a log that nobody has open, and changes nothing: also one that <see cref="OpenAsync"/> refuses.</summary>
    /// <exception cref="AuditException">The disk failed.</exception>
    public static async Task<AuditVerification> VerifyFolderAsync(IDisk disk, string directory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        DiskPath.Check(directory);
        try
        {
            AuditFolderContent content = await AuditFolderContent.ReadAsync(disk, directory, cancellationToken);
            var folder = new AuditFolder(disk, directory, isLive: false);
            foreach (AuditFile file in content.Files)
            {
                folder.Put(file);
            }

            Invariant.Check(folder.TryBeginAt(content.Anchor), "nobody reads it yet");
            return await new AuditScanner(folder, visit: null).ScanAsync(after: 0, cancellationToken);
        }
        catch (AuditCorruptException exception)
        {
            return new AuditVerification { FirstSequence = 1, LastSequence = 0, LastHash = AuditFormat.Genesis, Files = 0, FirstBad = exception.Defect };
        }
        catch (DiskException exception)
        {
            throw ReadFailure(directory, exception);
        }
    }

    /// <summary>
    /// Appends an event; the task ends when it is durable. The order of the calls is the order of the log. Cancellation ends only the wait for room in
    /// the queue: once accepted, the event will be written, and the task tells the outcome.
    /// </summary>
    /// <exception cref="ArgumentException">The event is incomplete or too large. It was not taken; the log goes on.</exception>
    /// <exception cref="AuditException">The disk failed, now or before: whether the event is durable is unknown.</exception>
    /// <exception cref="AuditClosedException">The log is stopped; the event was not taken.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the event was accepted; it was not taken.</exception>
    public async Task<AuditPosition> AppendAsync(AuditEvent audited, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(audited);
        DateTimeOffset time = _clock.GetUtcNow();
        byte[] body = AuditLineEncoder.EncodeBody(audited, time, _options.EventBytesMax);
        return await _queue.PostAsync(new PendingAudit(body, time), cancellationToken);
    }

    /// <summary>Lets the next event begin a new file. Exceptions as for <see cref="AppendAsync"/>.</summary>
    public async Task RotateAsync(CancellationToken cancellationToken) =>
        await _queue.PostAsync(new PendingAudit(body: null, _clock.GetUtcNow()), cancellationToken);

    /// <summary>
    /// Shows the durable events that match, in order, each chained to the one before; those that become durable meanwhile may be missing. Ends when
    /// <paramref name="visit"/> says false. Retention waits meanwhile. Returns the number of the last event that was shown; 0 if there was none.
    /// </summary>
    /// <exception cref="AuditCorruptException">A line on the way is damaged; what was shown before is sound.</exception>
    /// <exception cref="AuditException">The disk failed.</exception>
    public async Task<ulong> ReadAsync(AuditFilter filter, Func<AuditRecord, ValueTask<bool>> visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return await ReadLinesAsync(filter, async (record, _) => await visit(record), cancellationToken);
    }

    /// <summary>Writes the durable events that match to a sink, piece by piece; retention waits meanwhile. Returns how many.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="format">How.</param>
    /// <param name="write">Takes the pieces in order; each is valid during the call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditCorruptException">A line on the way is damaged; what was written is incomplete.</exception>
    /// <exception cref="AuditException">The disk failed.</exception>
    public async Task<long> ExportAsync(
        AuditFilter filter, AuditExportFormat format, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!Enum.IsDefined(format))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "unknown export format");
        }

        var export = new AuditExport(format, write);
        await export.BeginAsync(cancellationToken);
        await ReadLinesAsync(
            filter,
            async (record, line) =>
            {
                await export.AddAsync(record, line, cancellationToken);
                return true;
            },
            cancellationToken);
        await export.EndAsync(cancellationToken);
        return export.Count;
    }

    /// <summary>Checks every line that is durable now, and the chain between them.</summary>
    /// <exception cref="AuditException">The disk failed.</exception>
    public async Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new AuditScanner(_folder, visit: null).ScanAsync(after: 0, cancellationToken);
        }
        catch (DiskException exception)
        {
            throw ReadFailure(_options.Directory, exception);
        }
    }

    /// <summary>
    /// Refuses new events, writes what was accepted, ends writing, compression and retention, and closes the files. Idempotent. Reading goes on to work.
    /// </summary>
    /// <exception cref="StopTimeoutException">The disk did not answer within <see cref="TaskScope.DefaultStopLimit"/>.</exception>
    public async Task StopAsync()
    {
        _queue.Close();
        await _scope.StopAsync();
    }

    private static async Task<RecoveredAudit> RecoverAsync(
        IPlatform platform, AuditOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            return await new AuditRecoverer(platform, options, logger).RecoverAsync(cancellationToken);
        }
        catch (DiskException exception)
        {
            throw new AuditException($"the audit log in '{options.Directory}' cannot be opened: {exception.Message}", exception);
        }
    }

    private static AuditException ReadFailure(string directory, DiskException exception) =>
        new($"the audit log in '{directory}' cannot be read: {exception.Message}", exception);

    private async Task<ulong> ReadLinesAsync(
        AuditFilter filter, Func<AuditRecord, ReadOnlyMemory<byte>, ValueTask<bool>> visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        filter.Validate();
        ulong last = 0;
        long count = 0;
        var scanner = new AuditScanner(_folder, async (record, line) =>
        {
            if (!filter.Matches(record))
            {
                return true;
            }

            last = record.Sequence;
            return await visit(record, line) && ++count < filter.CountMax;
        });
        try
        {
            AuditVerification result = await scanner.ScanAsync(filter.After, cancellationToken);
            return result.FirstBad is { } defect ? throw new AuditCorruptException(defect) : last;
        }
        catch (DiskException exception)
        {
            throw ReadFailure(_options.Directory, exception);
        }
    }
}
