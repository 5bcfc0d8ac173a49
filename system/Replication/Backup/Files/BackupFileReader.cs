// Reads a file of a backup, as far as the manifest says that it goes, and checks everything on the way: header, each record, and in the end the hash of the whole. Memory grows with
// the largest record, whose length is believed only if the file is long enough for it.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Disk;

namespace SimGraph.Replication.Backup.Files;

/// <summary>A file of a backup that is being read. One user at a time.</summary>
internal sealed class BackupFileReader : IAsyncDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly IFile _file;
    private readonly string _path;
    private readonly BackupFileRecord _expected;
    private readonly XxHash3 _hash = new();
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _offset;

    private BackupFileReader(IFile file, string path, BackupFileRecord expected)
    {
        _file = file;
        _path = path;
        _expected = expected;
    }

    /// <summary>Where the last record that was read begins.</summary>
    public long RecordOffset { get; private set; }

    /// <summary>Opens the file and checks its header.</summary>
    /// <exception cref="BackupCorruptException">It is missing, too short or another file.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task<BackupFileReader> OpenAsync(
        IDisk disk, string path, BackupFileHeader header, BackupFileRecord expected, CancellationToken cancellationToken)
    {
        IFile file;
        try
        {
            file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        }
        catch (DiskException exception) when (exception.Error == DiskError.NotFound)
        {
            throw new BackupCorruptException(path, 0, "the manifest names this file, and it is not there");
        }

        var reader = new BackupFileReader(file, path, expected);
        try
        {
            await reader.BeginAsync(header, cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next record, valid until the next call; null at the end, when the whole file was as it was written.</summary>
    /// <exception cref="BackupCorruptException">It was not.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_offset == _expected.Length)
        {
            return _hash.GetCurrentHashAsUInt64() == _expected.Hash
                ? null
                : throw new BackupCorruptException(_path, 0, "each record is whole, but the file is not the one that the manifest names");
        }

        RecordOffset = _offset;
        long left = _expected.Length - _offset;
        if (left < BackupFileWriter.RecordHeadBytes)
        {
            throw new BackupCorruptException(_path, _offset, $"a record begins {left} bytes before the end");
        }

        await FillAsync(BackupFileWriter.RecordHeadBytes, cancellationToken);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start + sizeof(uint)));
        if (length > left - BackupFileWriter.RecordHeadBytes || length > Array.MaxLength / 2)
        {
            throw new BackupCorruptException(_path, _offset, $"a record of {length} bytes where {left} are left");
        }

        int whole = BackupFileWriter.RecordHeadBytes + (int)length;
        await FillAsync(whole, cancellationToken);
        CheckRecord(whole);
        ReadOnlyMemory<byte> body = _buffer.AsMemory(_start + BackupFileWriter.RecordHeadBytes, (int)length);
        Take(whole);
        return body;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _file.DisposeAsync();

    private async Task BeginAsync(BackupFileHeader header, CancellationToken cancellationToken)
    {
        if (_file.Length < _expected.Length || _expected.Length < BackupFileHeader.Bytes)
        {
            throw new BackupCorruptException(_path, _file.Length, $"the file ends here; the manifest says that it has {_expected.Length} bytes");
        }

        await FillAsync(BackupFileHeader.Bytes, cancellationToken);
        BackupFileHeader.Check(_path, _buffer.AsSpan(_start, BackupFileHeader.Bytes), header);
        Take(BackupFileHeader.Bytes);
    }

    private void CheckRecord(int length)
    {
        ReadOnlySpan<byte> record = _buffer.AsSpan(_start, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != FrameFormat.Checksum(record[sizeof(uint)..]))
        {
            throw new BackupCorruptException(_path, _offset, "the checksum of a record does not match");
        }
    }

    private void Take(int count)
    {
        _hash.Append(_buffer.AsSpan(_start, count));
        _start += count;
        _offset += count;
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_end - _start >= wanted)
        {
            return;
        }

        byte[] target = _buffer.Length < wanted ? new byte[wanted + BufferBytes] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
        _buffer = target;
        _end -= _start;
        _start = 0;
        while (_end < wanted)
        {
            int count = await _file.ReadAsync(_offset + _end, _buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
            {
                throw new BackupCorruptException(_path, _offset + _end, $"the file ends here; the manifest says that it has {_expected.Length} bytes");
            }

            _end += count;
        }
    }
}
