// The encoded batch (docs/formats.md): what a log entry holds. Canonical: batches that do the same have the same bytes, because changes stand in key
// order, ranges are joined where they touch, and every number has one encoding. The decoder accepts nothing else.

namespace SimGraph.Storage.Lsm;

public sealed partial class WriteBatch
{
    private const byte FormatVersion = 1;
    private const int VarintBytesMax = 5;

    /// <summary>The batch's canonical bytes.</summary>
    public byte[] Encode()
    {
        EstablishOrder();
        List<(Slice Start, Slice End)> ranges = JoinedRanges();
        int bytes = 1 + VarintBytes(ranges.Count) + VarintBytes(_liveCount);
        foreach ((Slice start, Slice end) in ranges)
        {
            bytes += FieldBytes(start) + FieldBytes(end);
        }

        for (int i = 0; i < _liveCount; i++)
        {
            ref Change change = ref _changes[_order[i]];
            bytes += 1 + FieldBytes(change.Key) + (change.Kind == EntryKind.Put ? FieldBytes(change.Value) : 0);
        }

        byte[] encoded = new byte[bytes];
        encoded[0] = FormatVersion;
        int at = WriteVarint(encoded, 1, ranges.Count);
        at = WriteVarint(encoded, at, _liveCount);
        foreach ((Slice start, Slice end) in ranges)
        {
            at = WriteField(encoded, WriteField(encoded, at, start), end);
        }

        for (int i = 0; i < _liveCount; i++)
        {
            ref Change change = ref _changes[_order[i]];
            encoded[at++] = (byte)change.Kind;
            at = WriteField(encoded, at, change.Key);
            at = change.Kind == EntryKind.Put ? WriteField(encoded, at, change.Value) : at;
        }

        return encoded;
    }

    /// <summary>Replaces the content of the batch by that of canonical bytes.</summary>
    /// <exception cref="FormatException">The bytes are not those of a batch; this one is empty then. The message says where and why.</exception>
    public void Decode(ReadOnlySpan<byte> encoded)
    {
        Clear();
        try
        {
            DecodeInto(encoded);
        }
        catch
        {
            Clear();
            throw;
        }
    }

    private static int VarintBytes(int value)
    {
        int bytes = 1;
        for (uint rest = (uint)value >> 7; rest != 0; rest >>= 7)
        {
            bytes++;
        }

        return bytes;
    }

    private static int WriteVarint(byte[] target, int at, int value)
    {
        uint rest = (uint)value;
        while (rest >= 0x80)
        {
            target[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        target[at++] = (byte)rest;
        return at;
    }

    private static int ReadVarint(ReadOnlySpan<byte> source, ref int at)
    {
        uint value = 0;
        for (int i = 0; i < VarintBytesMax; i++)
        {
            if (at >= source.Length)
            {
                throw Bad(at, "it ends inside a number");
            }

            byte next = source[at++];
            value |= (uint)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                return next == 0 && i > 0 ? throw Bad(at, "a number is not in its shortest form")
                    : i == VarintBytesMax - 1 && next > 7 ? throw Bad(at, "a number is too large")
                    : (int)value;
            }
        }

        throw Bad(at, "a number is too long");
    }

    private static ReadOnlySpan<byte> ReadField(ReadOnlySpan<byte> source, scoped ref int at)
    {
        int length = ReadVarint(source, ref at);
        if (length > source.Length - at)
        {
            throw Bad(at, $"a field of {length} bytes reaches behind the end");
        }

        ReadOnlySpan<byte> field = source.Slice(at, length);
        at += length;
        return field;
    }

    private static FormatException Bad(int at, string reason) => new($"an encoded batch is wrong at offset {at}: {reason}");

    private void DecodeInto(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded[0] != FormatVersion)
        {
            throw Bad(0, $"it does not begin with the format version {FormatVersion}");
        }

        int at = 1;
        int rangeCount = ReadVarint(encoded, ref at);
        int changeCount = ReadVarint(encoded, ref at);
        DecodeRanges(encoded, ref at, rangeCount);
        ReadOnlySpan<byte> last = [];
        for (int i = 0; i < changeCount; i++)
        {
            int begin = at;
            if (at >= encoded.Length || encoded[at] > (byte)EntryKind.Put)
            {
                throw Bad(at, "a change of known kind is expected");
            }

            var kind = (EntryKind)encoded[at++];
            ReadOnlySpan<byte> key = ReadField(encoded, ref at);
            ReadOnlySpan<byte> value = kind == EntryKind.Put ? ReadField(encoded, ref at) : [];
            if (key.Length is 0 or > KeyBytesMax || (i > 0 && last.SequenceCompareTo(key) >= 0))
            {
                throw Bad(begin, "a key is empty, too long or not above the one before");
            }

            Add(key, kind, value, HashOf(key));
            last = key;
        }

        if (at != encoded.Length)
        {
            throw Bad(at, "bytes are left over");
        }
    }

    private void DecodeRanges(ReadOnlySpan<byte> encoded, ref int at, int count)
    {
        ReadOnlySpan<byte> last = [];
        for (int i = 0; i < count; i++)
        {
            int begin = at;
            ReadOnlySpan<byte> start = ReadField(encoded, ref at);
            ReadOnlySpan<byte> end = ReadField(encoded, ref at);
            if (start.Length > KeyBytesMax || end.Length > KeyBytesMax || start.SequenceCompareTo(end) >= 0
                || (i > 0 && last.SequenceCompareTo(start) >= 0))
            {
                throw Bad(begin, "a range is empty, too long, or not behind the one before");
            }

            AddRange(start, end);
            last = end;
        }
    }

    private List<(Slice Start, Slice End)> JoinedRanges()
    {
        if (_ranges.Count < 2)
        {
            return _ranges;
        }

        var sorted = new List<(Slice Start, Slice End)>(_ranges);
        sorted.Sort((left, right) => BytesOf(left.Start).SequenceCompareTo(BytesOf(right.Start)));
        var joined = new List<(Slice Start, Slice End)>(sorted.Count);
        foreach ((Slice start, Slice end) in sorted)
        {
            if (joined.Count > 0 && BytesOf(joined[^1].End).SequenceCompareTo(BytesOf(start)) >= 0)
            {
                if (BytesOf(joined[^1].End).SequenceCompareTo(BytesOf(end)) < 0)
                {
                    joined[^1] = (joined[^1].Start, end);
                }
            }
            else
            {
                joined.Add((start, end));
            }
        }

        return joined;
    }

    private int WriteField(byte[] target, int at, Slice field)
    {
        at = WriteVarint(target, at, field.Length);
        BytesOf(field).CopyTo(target.AsSpan(at));
        return at + field.Length;
    }

    private static int FieldBytes(Slice field) => VarintBytes(field.Length) + field.Length;
}
