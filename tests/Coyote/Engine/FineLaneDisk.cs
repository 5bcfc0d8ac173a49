// Files in memory. Each call waits once before it takes effect, which is where Coyote lets others in between. It fails on request; power loss is the
// business of the simulator's disk.

using SimGraph.Runtime.Disk;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>An in-memory disk. Thread-safe.</summary>
internal sealed class FineLaneDisk : IDisk
{
    private readonly object _gate = new();
    private readonly SortedDictionary<string, Content> _files = new(StringComparer.Ordinal);
    private int _openFiles;
    private int _flushesUntilFailure = -1;

    /// <summary>Files that were opened and not disposed.</summary>
    internal int OpenFiles => Volatile.Read(ref _openFiles);

    /// <summary>Lets the flush after so many others fail, once.</summary>
    internal void FailFlushAfter(int flushes)
    {
        lock (_gate)
        {
            _flushesUntilFailure = flushes;
        }
    }

    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken)
    {
        DiskPath.Check(path);
        await Task.Yield();
        lock (_gate)
        {
            bool exists = _files.TryGetValue(path, out Content? content);
            if (exists && mode == FileOpenMode.CreateNew)
            {
                throw new DiskException(DiskError.AlreadyExists, path, "exists already");
            }

            if (!exists && mode == FileOpenMode.Existing)
            {
                throw new DiskException(DiskError.NotFound, path, "does not exist");
            }

            content ??= new Content();
            _files[path] = content;
            _openFiles++;
            return new MemoryFile(this, path, content);
        }
    }

    public async ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            return _files.ContainsKey(path);
        }
    }

    public async ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            if (!_files.Remove(source, out Content? content))
            {
                throw new DiskException(DiskError.NotFound, source, "does not exist");
            }

            _files[target] = content;
        }
    }

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            _files.Remove(path);
        }
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            return [.. _files.Keys.Where(path => DiskPath.DirectoryOf(path) == directory).Select(DiskPath.NameOf)];
        }
    }

    public async ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken) => await Task.Yield();

    public async ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken) => await Task.Yield();

    private sealed class Content
    {
        internal byte[] Bytes { get; set; } = [];
    }

    private sealed class MemoryFile(FineLaneDisk disk, string path, Content content) : IFile
    {
        private bool _disposed;

        public string Path => path;

        public long Length
        {
            get
            {
                lock (disk._gate)
                {
                    return content.Bytes.Length;
                }
            }
        }

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (disk._gate)
            {
                CheckOpen();
                int count = (int)Math.Clamp(content.Bytes.Length - offset, 0, buffer.Length);
                content.Bytes.AsSpan((int)Math.Min(offset, content.Bytes.Length), count).CopyTo(buffer.Span);
                return count;
            }
        }

        public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (disk._gate)
            {
                CheckOpen();
                Resize(Math.Max(content.Bytes.Length, (int)offset + buffer.Length));
                buffer.Span.CopyTo(content.Bytes.AsSpan((int)offset));
            }
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (disk._gate)
            {
                CheckOpen();
                if (disk._flushesUntilFailure >= 0 && disk._flushesUntilFailure-- == 0)
                {
                    throw new DiskException(DiskError.InputOutput, path, "the flush failed");
                }
            }
        }

        public async ValueTask SetLengthAsync(long length, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (disk._gate)
            {
                CheckOpen();
                Resize((int)length);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            lock (disk._gate)
            {
                if (!_disposed)
                {
                    _disposed = true;
                    disk._openFiles--;
                }
            }
        }

        private void Resize(int length)
        {
            byte[] bytes = content.Bytes;
            Array.Resize(ref bytes, length);
            content.Bytes = bytes;
        }

        private void CheckOpen() => ObjectDisposedException.ThrowIf(_disposed, this);
    }
}
