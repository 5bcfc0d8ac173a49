// Reads one segment and feeds its records to the replay. Tells what is whole from what is damaged, and leaves it to LogRecoverer whether the
// damage is a torn tail. Bytes whose checksum holds but which cannot be there are damage of another kind and refused at once.
// Memory is bounded: a chunk at a time, and a payload only after the checksum over its length has held.

using System.Buffers.Binary;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Log;

/// <summary>One pass over a segment file. Not thread-safe.</summary>
internal sealed class SegmentReader
{
    private const int ChunkBytes = 64 << 10;
    private readonly IFile _file;
    private readonly ulong _sequence;
    private readonly uint _seed;
    private readonly int _recordBytesMax;
    private readonly long _length;
    private bool _mayBeCompressed;
    private byte[] _chunk = new byte[ChunkBytes];
    private long _chunkOffset;
    private int _chunkCount;

    public SegmentReader(IFile file, ulong sequence, int recordBytesMax)
    {
        _file = file;
        _sequence = sequence;
        _seed = RecordHeader.SeedOf(sequence);
        _recordBytesMax = recordBytesMax;
        _length = file.Length;
    }

    /// <exception cref="LogCorruptException">Whole bytes say something that cannot be.</exception>
    public async Task<SegmentScan> ReplayAsync(LogReplay replay, CancellationToken cancellationToken)
    {
        await FillAsync(0, SegmentHeader.Bytes, cancellationToken);
        if (!SegmentHeader.TryRead(Peek(0, SegmentHeader.Bytes), out SegmentHeader header))
        {
            return new SegmentScan(0, 0, _length, _length, default, HeadIsWhole: false, "the segment header is damaged");
        }

        CheckHeader(header);
        long offset = SegmentHeader.Bytes;
        long batchStart = 0;
        string? damage = null;
        while (offset < _length)
        {
            (damage, RecordHeader record, byte[] payload) = await ReadRecordAsync(offset, cancellationToken);
            if (damage is not null)
            {
                break;
            }

            bool isHead = offset < header.HeadBytes;
            bool batchFits = isHead ? record.BatchStart == 0 : record.BatchStart == offset || (record.BatchStart == batchStart && batchStart > 0);
            Refuse(offset, batchFits ? null : $"a record names {record.BatchStart} as the start of its batch");
            Refuse(offset, isHead ? replay.ApplyHead(record, payload) : replay.Apply(record, payload));
            batchStart = record.BatchStart;
            offset += RecordHeader.Bytes + record.PayloadBytes;
        }

        bool headIsWhole = offset >= header.HeadBytes;
        damage ??= headIsWhole ? null : "the head is cut short";
        long damaged = _length - offset;
        if (headIsWhole && damage is not null && header.Flags.HasFlag(SegmentFlags.Preallocated))
        {
            damaged = await CountWithoutZeroTailAsync(offset, cancellationToken);
            damage = damaged == 0 ? null : damage;
        }

        return new SegmentScan(offset, batchStart, _length, damaged, header, headIsWhole, damage);
    }

    /// <summary>
    /// The offset of a record header that was written whole by a batch which begins behind <paramref name="bad"/>; -1 if there is none. Such a
    /// batch was only written after all before it was durable.
    /// </summary>
    public async Task<long> FindBatchBehindAsync(long bad, CancellationToken cancellationToken)
    {
        for (long offset = bad + 1; offset + RecordHeader.Bytes <= _length;)
        {
            await FillAsync(offset, RecordHeader.Bytes, cancellationToken);
            int found = FindInChunk(bad, offset, out long next);
            if (found >= 0)
            {
                return _chunkOffset + found;
            }

            if (next == offset)
            {
                break;
            }

            offset = next;
        }

        return -1;
    }

    // Bytes from an offset to the last one that is not zero.
    private async ValueTask<long> CountWithoutZeroTailAsync(long from, CancellationToken cancellationToken)
    {
        long end = from;
        for (long offset = from; offset < _length;)
        {
            await FillAsync(offset, (int)Math.Min(ChunkBytes, _length - offset), cancellationToken);
            ReadOnlySpan<byte> part = Peek(offset, ChunkBytes);
            if (part.IsEmpty)
            {
                break;
            }

            int last = part.LastIndexOfAnyExcept((byte)0);
            end = last < 0 ? end : offset + last + 1;
            offset += part.Length;
        }

        return end - from;
    }

    private int FindInChunk(long bad, long from, out long next)
    {
        ReadOnlySpan<byte> chunk = _chunk.AsSpan(0, _chunkCount);
        int at = (int)(from - _chunkOffset);
        for (; at + RecordHeader.Bytes <= chunk.Length; at++)
        {
            long batchStart = BinaryPrimitives.ReadInt64LittleEndian(chunk[(at + RecordHeader.BatchStartOffset)..]);
            if (batchStart > bad && batchStart <= _chunkOffset + at && RecordHeader.TryRead(chunk[at..], _seed, out _))
            {
                next = from;
                return at;
            }
        }

        next = _chunkOffset + at;
        return -1;
    }

    private void CheckHeader(in SegmentHeader header)
    {
        Refuse(0, header.Version is >= SegmentHeader.OldestVersion and <= SegmentHeader.CurrentVersion
            ? null
            : $"format version {header.Version} is unknown, this program reads versions {SegmentHeader.OldestVersion} to {SegmentHeader.CurrentVersion}");
        Refuse(0, (header.Flags & ~SegmentFlags.Preallocated) == 0 && (header.Version > 1 || header.Flags == 0)
            ? null
            : $"its header has flags ({(uint)header.Flags:X}) that version {header.Version} does not know");
        _mayBeCompressed = header.Version > 1;
        Refuse(0, header.Sequence == _sequence ? null : $"its header says that it is segment {header.Sequence}");
        Refuse(0, header.HeadBytes >= SegmentHeader.Bytes && header.PreviousBytes >= 0 ? null : "its header makes no sense");
    }

    private async ValueTask<(string? Damage, RecordHeader Header, byte[] Payload)> ReadRecordAsync(long offset, CancellationToken cancellationToken)
    {
        await FillAsync(offset, RecordHeader.Bytes, cancellationToken);
        if (!RecordHeader.TryRead(Peek(offset, RecordHeader.Bytes), _seed, out RecordHeader header))
        {
            return ("a record header is damaged", default, []);
        }

        Refuse(offset, header.PayloadBytes >= 0 && header.PayloadBytes <= _recordBytesMax
            ? null
            : $"a record of {header.PayloadBytes} bytes is larger than the limit of {_recordBytesMax} (WriteAheadLogOptions.RecordBytesMax)");
        long payloadOffset = offset + RecordHeader.Bytes;
        if (payloadOffset + header.PayloadBytes > _length)
        {
            return ("a record reaches behind the end of the file", default, []);
        }

        await FillAsync(payloadOffset, header.PayloadBytes, cancellationToken);
        ReadOnlySpan<byte> payload = Peek(payloadOffset, header.PayloadBytes);
        return payload.Length == header.PayloadBytes && Crc32C.Compute(payload) == header.PayloadChecksum
            ? (null, header, Decode(offset, header, payload))
            : ("a record payload is damaged", default, []);
    }

    private byte[] Decode(long offset, in RecordHeader header, ReadOnlySpan<byte> stored)
    {
        if (header.Encoding == PayloadEncoding.Plain)
        {
            return stored.ToArray();
        }

        bool isKnown = header.Encoding == PayloadEncoding.Lz4 && header.Kind == RecordKind.Entry && _mayBeCompressed;
        Refuse(offset, isKnown ? null : $"a record of kind {(byte)header.Kind} has a payload of the unknown encoding {(byte)header.Encoding}");
        byte[]? payload = CompressedPayload.TryUnpack(stored, _recordBytesMax);
        Refuse(offset, payload is not null
            ? null
            : $"a compressed payload is whole but does not unpack, or to more than {_recordBytesMax} bytes (WriteAheadLogOptions.RecordBytesMax)");
        return payload!;
    }

    private void Refuse(long offset, string? reason)
    {
        if (reason is not null)
        {
            throw new LogCorruptException(_file.Path, offset, reason);
        }
    }

    // Makes the bytes available to Peek, as far as the file has them.
    private async ValueTask FillAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset >= _chunkOffset && offset + count <= _chunkOffset + _chunkCount)
        {
            return;
        }

        if (count > _chunk.Length)
        {
            _chunk = new byte[count];
        }

        _chunkOffset = offset;
        _chunkCount = 0;
        _chunkCount = await _file.ReadAsync(offset, _chunk, cancellationToken);
    }

    private ReadOnlySpan<byte> Peek(long offset, int count)
    {
        int at = (int)(offset - _chunkOffset);
        return _chunk.AsSpan(at, Math.Min(count, _chunkCount - at));
    }
}
