// What is in the folder: files with their forms, the durable end, the anchor. The writer, the maintenance task and readers meet here.
//
// Concurrency model: one lock over the lists. Names on disk change only under the async lock Names, from the change to the flush of the folder: a flush
// that fails may undo changes of names, and must never undo those of somebody else, who would not hear of it. Readers hold it while they open a file, so
// that it does not change its form between the look and the open; a handle stays good after its name is gone. Retention waits while somebody reads, so
// that no reader finds a hole.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>The files of one log. Thread-safe.</summary>
internal sealed class AuditFolder(IDisk disk, string directory, bool isLive)
{
    private readonly object _gate = new();
    private readonly SortedList<ulong, AuditFile> _files = [];
    private AuditAnchor _anchor = AuditAnchor.Genesis;
    private ulong _last;
    private DateTimeOffset? _lastTime;
    private int _scans;

    public IDisk Disk { get; } = disk;

    public string Directory { get; } = directory;

    /// <summary>Held while names on disk change and until the folder is flushed.</summary>
    public AsyncLock Names { get; } = new();

    public AuditAnchor Anchor
    {
        get
        {
            lock (_gate)
            {
                return _anchor;
            }
        }
    }

    /// <summary>Number of the last durable line; the greatest possible if nobody writes.</summary>
    public ulong LastSequence
    {
        get
        {
            lock (_gate)
            {
                return isLive ? _last : ulong.MaxValue;
            }
        }
    }

    /// <summary>Time of the last durable line; null if there is none.</summary>
    public DateTimeOffset? LastTime
    {
        get
        {
            lock (_gate)
            {
                return _lastTime;
            }
        }
    }

    /// <summary>Names of files before the anchor that are still there. Retention's only, once the log is open.</summary>
    public IReadOnlyList<string> LeftBeforeAnchor { get; set; } = [];

    public string PathOf(ulong first, bool compressed) => DiskPath.Join(Directory, AuditFileName.Of(first, compressed));

    public string PathOf(AuditFile file) => PathOf(file.First, file.Compressed);

    public string AnchorPath => DiskPath.Join(Directory, AuditFormat.AnchorName);

    /// <summary>All files, oldest first.</summary>
    public AuditFile[] List()
    {
        lock (_gate)
        {
            return [.. _files.Values];
        }
    }

    /// <summary>Enters a file, or replaces what is known of it.</summary>
    public void Put(AuditFile file)
    {
        lock (_gate)
        {
            _files[file.First] = file;
        }
    }

    /// <summary>Enters a file if it is still listed.</summary>
    public void Replace(AuditFile file)
    {
        lock (_gate)
        {
            if (_files.ContainsKey(file.First))
            {
                _files[file.First] = file;
            }
        }
    }

    public void Remove(ulong first)
    {
        lock (_gate)
        {
            _files.Remove(first);
        }
    }

    /// <summary>
    /// Lines up to <paramref name="last"/> are durable, and end at <paramref name="bytes"/> of the file that begins with <paramref name="first"/>.
    /// </summary>
    public void Advance(ulong first, long bytes, ulong last, DateTimeOffset lastTime)
    {
        lock (_gate)
        {
            _files[first] = new AuditFile(first, Compressed: false, bytes) { LastTime = lastTime };
            _last = last;
            _lastTime = lastTime;
        }
    }

    /// <summary>What was found on open.</summary>
    public void Recovered(ulong last, DateTimeOffset lastTime)
    {
        lock (_gate)
        {
            _last = last;
            _lastTime = lastTime;
        }
    }

    /// <summary>
    /// From now on the chain begins at the anchor, and what lies before it is no longer listed: <see cref="LeftBeforeAnchor"/> has it. False, and nothing
    /// done, while somebody reads.
    /// </summary>
    public bool TryBeginAt(AuditAnchor anchor)
    {
        lock (_gate)
        {
            if (_scans > 0)
            {
                return false;
            }

            _anchor = anchor;
            while (_files.Count > 0 && _files.Keys[0] < anchor.Sequence)
            {
                AuditFile file = _files.Values[0];
                LeftBeforeAnchor = [.. LeftBeforeAnchor, AuditFileName.Of(file.First, file.Compressed)];
                _files.RemoveAt(0);
            }

            return true;
        }
    }

    /// <summary>Keeps the beginning of the chain where it is until <see cref="EndScan"/>.</summary>
    public void BeginScan()
    {
        lock (_gate)
        {
            _scans++;
        }
    }

    public void EndScan()
    {
        lock (_gate)
        {
            _scans--;
        }
    }

    /// <summary>Opens the first file that begins at <paramref name="from"/> or later; null if there is none.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task<(AuditFile File, AuditLineReader Lines)?> OpenNextAsync(ulong from, CancellationToken cancellationToken)
    {
        using AsyncLock.Holder holder = await Names.EnterAsync(cancellationToken);
        AuditFile? file = null;
        long bytesMax;
        lock (_gate)
        {
            foreach (AuditFile candidate in _files.Values)
            {
                if (candidate.First >= from)
                {
                    file = candidate;
                    break;
                }
            }

            // The newest file of a live log may hold lines that are not durable yet; they are not there for anyone.
            bytesMax = isLive && file is not null && file.First == _files.Keys[^1] ? file.Bytes : long.MaxValue;
        }

        return file is null
            ? null
            : (file, new AuditLineReader(await AuditBytes.OpenAsync(Disk, PathOf(file), file.Compressed, bytesMax, cancellationToken)));
    }

    /// <summary>Number of the first line of the file that holds line <paramref name="sequence"/>, or of the first file.</summary>
    public ulong FirstOfFileWith(ulong sequence)
    {
        lock (_gate)
        {
            ulong first = _anchor.Sequence;
            foreach (ulong candidate in _files.Keys)
            {
                if (candidate > sequence)
                {
                    break;
                }

                first = Math.Max(first, candidate);
            }

            return first;
        }
    }
}
