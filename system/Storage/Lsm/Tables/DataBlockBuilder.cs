using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Builds the payload of a data block at the end of a buffer. Not thread-safe.</summary>
internal sealed class DataBlockBuilder(OutputBuffer target, int restartInterval)
{
    private const int EntryHeadBytesMax = (3 * Varint.BytesMax32) + Varint.BytesMax64;
    private readonly List<int> _restarts = [];
    private int _start;
    private int _sinceRestart;

    /// <summary>True before the first entry.</summary>
    public bool IsEmpty => _restarts.Count == 0;

    /// <summary>Length of the payload if it were closed now.</summary>
    public int Bytes => target.Length - _start + ((_restarts.Count + 1) * sizeof(uint));

    /// <summary>Begins a block at the end of the buffer.</summary>
    public void Begin()
    {
        _restarts.Clear();
        _start = target.Length;
    }

    /// <summary>Adds a version; <paramref name="lastKey"/> is the key of the one before, of this block or the block before.</summary>
    public void Add(ReadOnlySpan<byte> lastKey, ReadOnlySpan<byte> key, ulong sequence, EntryKind kind, ReadOnlySpan<byte> value)
    {
        int shared = 0;
        if (_restarts.Count == 0 || _sinceRestart == restartInterval)
        {
            _restarts.Add(target.Length - _start);
            _sinceRestart = 0;
        }
        else
        {
            shared = lastKey.CommonPrefixLength(key);
        }

        _sinceRestart++;
        int unshared = key.Length - shared;
        Span<byte> room = target.Reserve(EntryHeadBytesMax + unshared + value.Length);
        int length = Varint.Write(room, (uint)shared);
        length += Varint.Write(room[length..], (uint)unshared);
        length += Varint.Write(room[length..], ((ulong)(uint)value.Length << 1) | (byte)kind);
        length += Varint.Write(room[length..], sequence);
        key[shared..].CopyTo(room[length..]);
        value.CopyTo(room[(length + unshared)..]);
        target.Advance(length + unshared + value.Length);
    }

    /// <summary>The block has moved towards the front of the buffer.</summary>
    public void MoveBack(int count) => _start -= count;

    /// <summary>Adds the restart points: the payload is whole.</summary>
    public void End()
    {
        int bytes = (_restarts.Count + 1) * sizeof(uint);
        Span<byte> room = target.Reserve(bytes);
        for (int index = 0; index < _restarts.Count; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(room[(index * sizeof(uint))..], _restarts[index]);
        }

        BinaryPrimitives.WriteInt32LittleEndian(room[(_restarts.Count * sizeof(uint))..], _restarts.Count);
        target.Advance(bytes);
        _restarts.Clear();
    }
}
