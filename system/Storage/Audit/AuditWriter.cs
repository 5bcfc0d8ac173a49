// The background task behind a log: takes what is queued, chains it, writes it with one write and one flush, tells the callers. It alone touches the
// newest file.
//
// Fault model: the first disk call that fails poisons the log for good (a full disk is a failing disk); nothing is written behind a line that may be
// half. A batch is written only after the one before it is durable, and a file is begun only after the one before it is: recovery relies on both. The
// chain goes on only after the flush, so that a number and a hash are never given twice.

using System.Buffers;
using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Owns the newest file of an open log. <see cref="RunAsync"/> is run once, as a task.</summary>
internal sealed class AuditWriter
{
    private readonly IPlatform _platform;
    private readonly AuditOptions _options;
    private readonly AuditQueue _queue;
    private readonly AuditFolder _folder;
    private readonly AsyncSignal _rotated;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly List<PendingAudit> _taken = [];
    private ActiveAuditFile? _file;
    private ulong _next;
    private string _previous;
    private bool _beginNext;

    public AuditWriter(
        IPlatform platform, AuditOptions options, AuditQueue queue, RecoveredAudit recovered, AsyncSignal rotated, ILogger logger)
    {
        _platform = platform;
        _options = options;
        _queue = queue;
        _folder = recovered.Folder;
        _rotated = rotated;
        _logger = logger;
        _file = recovered.Active;
        _next = recovered.Next;
        _previous = recovered.Previous;
    }

    /// <summary>
    /// Runs until the queue is closed and all it accepted is done, or the disk fails. <paramref name="stopping"/> closes the queue: what was accepted
    /// is written nevertheless. Closes the file.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using TokenSubscription subscription = stopping.Subscribe(static queue => ((AuditQueue)queue!).Close(), _queue);
        try
        {
            while (await _queue.TakeAsync(_taken, BytesToTake()))
            {
                await WriteAsync();
                foreach (PendingAudit pending in _taken)
                {
                    pending.Succeed();
                }

                _taken.Clear();
            }
        }
        catch (DiskException exception)
        {
            Poison(exception);
        }
        catch (Exception exception)
        {
            // Not a disk's failure but a defect: nobody may wait for ever for it, and the task's host has to hear of it.
            Poison(exception);
            throw;
        }
        finally
        {
            if (_file is not null)
            {
                await _file.DisposeAsync();
            }
        }
    }

    private long BytesToTake() => _platform.Probes.Buggify("audit.batch-of-one") ? 1 : Math.Min(_options.BatchBytesMax, _options.FileBytesMax);

    private void Poison(Exception exception)
    {
        _platform.Probes.Reachable("audit.poisoned");
        AuditLogEvents.LogPoisoned(_logger, exception, _options.Directory);
        _queue.Poison(exception);
        foreach (PendingAudit pending in _taken)
        {
            pending.Fail(_queue.NewClosedException());
        }

        _taken.Clear();
    }

    private async Task WriteAsync()
    {
        if (_taken[0].Body is null)
        {
            _beginNext = true;
            return;
        }

        string previous = Encode();
        bool begins = _file is null || MustBegin(_file, _lines.WrittenCount);
        if (begins)
        {
            await BeginFileAsync();
        }

        await _file!.AppendAsync(_lines.WrittenMemory);

        // Only now is it true.
        _next += (ulong)_taken.Count;
        _previous = previous;
        _folder.Advance(_file.First, _file.Length, _next - 1, _taken[^1].Time);
        if (begins)
        {
            _rotated.Set();
        }
    }

    private string Encode()
    {
        if (_taken.Count > 1)
        {
            _platform.Probes.Reachable("audit.batch-of-many");
        }

        _lines.ResetWrittenCount();
        string previous = _previous;
        for (int i = 0; i < _taken.Count; i++)
        {
            ulong sequence = _next + (ulong)i;
            previous = AuditLineEncoder.Append(_lines, sequence, _next, _taken[i].Body, previous);
            _taken[i].Position = new AuditPosition(sequence, previous);
        }

        return previous;
    }

    private bool MustBegin(ActiveAuditFile file, int bytes)
    {
        TimeSpan written = _platform.Clock.GetElapsedTime(file.OpenedAt);

        // In either direction: a clock that was set back must not stop rotation until it has caught up.
        TimeSpan age = (_taken[0].Time - file.FirstTime).Duration();
        return _beginNext
            || file.Length + bytes > _options.FileBytesMax
            || age > _options.FileAgeMax
            || written > _options.FileAgeMax
            || _platform.Probes.Buggify("audit.rotate-early");
    }

    private async Task BeginFileAsync()
    {
        string path = _folder.PathOf(_next, compressed: false);
        IFile file;
        using (await _folder.Names.EnterAsync(CancellationToken.None))
        {
            file = await _platform.Disk.OpenAsync(path, FileOpenMode.CreateNew, CancellationToken.None);
            try
            {
                await _platform.Disk.FlushDirectoryAsync(_folder.Directory, CancellationToken.None);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }

        ActiveAuditFile? full = _file;
        _file = ActiveAuditFile.Begin(file, _next, _taken[0].Time, _platform.Clock.GetTimestamp());
        _beginNext = false;
        _platform.Probes.Reachable("audit.file-begun");
        AuditLogEvents.LogFileBegun(_logger, path);
        if (full is not null)
        {
            await full.DisposeAsync();
        }
    }
}
