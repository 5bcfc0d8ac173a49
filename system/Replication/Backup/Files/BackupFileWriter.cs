// Writes a file of a backup: a header, then records, each with a checksum over its length and its bytes. Records gather in memory and go out in large writes; only what was
// flushed is ever named in a manifest, so what a failing disk leaves behind that is no part of any backup.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Disk;

namespace SimGraph.Replication.Backup.Files;

/// <summary>A file of a backup that is being written. One user at a time; after a failure it is of no further use.</summary>
internal sealed class BackupFileWriter : IAsyncDisposable
{
    /// <summary>Bytes of a record in front of its body.</summary>
    public const int RecordHeadBytes = 2 * sizeof(uint);

    private const int BufferBytes = 256 * 1024;

    private readonly IFile _file;
    private readonly XxHash3 _hash = new();
    private byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _written;

    private BackupFileWriter(IFile file)
    {
        _file = file;
    }

    /// <summary>Bytes so far, flushed or not.</summary>
    public long Length => _written + _buffered;

    /// <summary>Hash of them.</summary>
    public ulong Hash => _hash.GetCurrentHashAsUInt64();

    /// <summary>Creates the file; what an attempt that broke off has left under its name is deleted.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static async Task<BackupFileWriter> CreateAsync(IDisk disk, string path, BackupFileHeader header, CancellationToken cancellationToken)
    {
        await disk.DeleteAsync(path, cancellationToken);
        IFile file = await disk.OpenAsync(path, FileOpenMode.CreateNew, cancellationToken);
        var writer = new BackupFileWriter(file);
        header.Encode().CopyTo(writer.Reserve(BackupFileHeader.Bytes));
        writer.Commit(BackupFileHeader.Bytes);
        return writer;
    }

    /// <summary>Adds a record.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="body">Its other bytes.</param>
    /// <param name="cancellationToken">Gives up; the writer is of no further use then.</param>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Add(head.Span, body.Span);
        if (_buffered >= BufferBytes)
        {
            await _file.WriteAsync(_written, _buffer.AsMemory(0, _buffered), cancellationToken);
            Drain();
        }
    }

    /// <summary>Makes everything so far durable; the file's name is the folder's business.</summary>
    /// <exception cref="DiskException">The disk failed: what is durable is unknown.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _file.WriteDurablyAsync(_written, _buffer.AsMemory(0, _buffered), cancellationToken);
        Drain();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _file.DisposeAsync();

    private void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        int length = head.Length + body.Length;
        Span<byte> record = Reserve(RecordHeadBytes + length);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(uint)..], length);
        head.CopyTo(record[RecordHeadBytes..]);
        body.CopyTo(record[(RecordHeadBytes + head.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, FrameFormat.Checksum(record[sizeof(uint)..]));
        Commit(record.Length);
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _buffered < count)
        {
            Array.Resize(ref _buffer, checked(_buffered + count + BufferBytes));
        }

        return _buffer.AsSpan(_buffered, count);
    }

    private void Commit(int count)
    {
        _hash.Append(_buffer.AsSpan(_buffered, count));
        _buffered += count;
    }

    private void Drain()
    {
        _written += _buffered;
        _buffered = 0;
    }
}
