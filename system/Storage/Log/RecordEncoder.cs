using System.Numerics;
using SimGraph.Runtime;

namespace SimGraph.Storage.Log;

/// <summary>Builds the contiguous bytes of a segment head or of a batch in one buffer, which is reused. Not thread-safe.</summary>
internal sealed class RecordEncoder(WriteAheadLogOptions options)
{
    private const uint FirstCompressedVersion = 2;
    private const int InitialBytes = 16 << 10;
    private const int KeptBytesMax = 4 << 20;
    private byte[] _buffer = new byte[InitialBytes];
    private int _count;
    private long _batchStart;
    private uint _seed;
    private int _compressedBytesMin;

    /// <summary>What was encoded since the last Begin; valid until the next.</summary>
    public ReadOnlyMemory<byte> Encoded => _buffer.AsMemory(0, _count);

    /// <summary>Bytes that a batch takes at most.</summary>
    public static long BytesOf(LogBatch batch)
    {
        long bytes = batch.State is { } state ? RecordHeader.Bytes + state.Length : 0;
        bytes += batch.Start is null ? 0 : RecordHeader.Bytes;
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            bytes += RecordHeader.Bytes + batch.Entries[i].Payload.Length;
        }

        return bytes;
    }

    public void BeginBatch(SegmentWriter segment, int bytesMax)
    {
        Begin(segment.Length, segment.Seed, bytesMax);
        _compressedBytesMin = options.CompressedBytesMin > 0 && segment.Version >= FirstCompressedVersion ? options.CompressedBytesMin : int.MaxValue;
    }

    public void EncodeHead(ulong sequence, long previousBytes, ReadOnlyMemory<byte>? state, LogPosition start)
    {
        Begin(0, RecordHeader.SeedOf(sequence), SegmentHeader.Bytes + (2 * RecordHeader.Bytes) + (state?.Length ?? 0));
        _count = SegmentHeader.Bytes;
        if (state is { } bytes)
        {
            AddState(bytes.Span);
        }

        if (start != default)
        {
            AddStart(start, StartEffect.KeepsEntriesBehind);
        }

        SegmentFlags flags = options.PreallocatedBytes > 0 ? SegmentFlags.Preallocated : SegmentFlags.None;
        new SegmentHeader(SegmentHeader.CurrentVersion, _count, sequence, previousBytes, flags).Write(_buffer);
    }

    public void AddState(ReadOnlySpan<byte> state) => Add(RecordKind.State, 0, default, state);

    public void AddStart(LogPosition start, StartEffect effect) =>
        Add(effect == StartEffect.ForgetsAll ? RecordKind.StartForgettingEntries : RecordKind.StartKeepingEntries, 0, start, []);

    public void AddEntry(LogEntry entry) =>
        Add(RecordKind.Entry, (byte)entry.Kind, new LogPosition(entry.Index, entry.Term), entry.Payload.Span);

    private void Begin(long batchStart, uint seed, int bytesMax)
    {
        if (bytesMax > _buffer.Length || _buffer.Length > KeptBytesMax)
        {
            int bytes = bytesMax > KeptBytesMax ? bytesMax : (int)BitOperations.RoundUpToPowerOf2((uint)bytesMax);
            _buffer = new byte[Math.Max(InitialBytes, bytes)];
        }

        _count = 0;
        _batchStart = batchStart;
        _seed = seed;
    }

    private void Add(RecordKind kind, byte entryKind, LogPosition position, ReadOnlySpan<byte> payload)
    {
        Invariant.Check(_buffer.Length - _count >= RecordHeader.Bytes + payload.Length, "the encode buffer was sized for what goes in");
        Span<byte> target = _buffer.AsSpan(_count);
        Span<byte> stored = target.Slice(RecordHeader.Bytes, payload.Length);
        bool mayCompress = kind == RecordKind.Entry && payload.Length >= _compressedBytesMin;
        PayloadEncoding encoding = PayloadEncoding.Plain;
        if (mayCompress && CompressedPayload.Pack(payload, stored) is var packed and > 0)
        {
            encoding = PayloadEncoding.Lz4;
            stored = stored[..packed];
        }
        else
        {
            payload.CopyTo(stored);
        }

        uint checksum = Crc32C.Compute(stored);
        new RecordHeader(kind, entryKind, stored.Length, _batchStart, position.Term, position.Index, checksum, encoding).Write(target, _seed);
        _count += RecordHeader.Bytes + stored.Length;
    }
}
