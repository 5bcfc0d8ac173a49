// The sorted structure of a memtable: a skip list (Pugh 1990) in arenas, after the one of LevelDB.
//
// Concurrency: one writer at a time, any number of readers without locks. A node is filled completely before the first link to it is written
// (Volatile.Write), and is never changed or moved afterwards but for its links; a reader follows links with Volatile.Read. The tables of chunks
// grow by being replaced before a node in the new chunk is linked, so that whoever sees the node sees its chunk.
//
// Nodes are records of integers in chunks, and keys and values bytes in chunks: the collector sees a few arrays, not a hundred thousand objects.
// A node: [data chunk, offset, key length, value length, sequence low, sequence high, kind + height, key prefix high, key prefix low, links...].
// Comparisons look at the first eight bytes of the key in the node, and at the rest only if those are equal.

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SimGraph.Storage.Lsm.Memtables;

/// <summary>Versions in internal order. See above for who may call what when.</summary>
internal sealed class SkipList
{
    private const int HeightMax = 12;
    private const int ChunkBits = 13;
    private const int ChunkInts = 1 << ChunkBits;
    private const int DataChunkBytesMin = 4 << 10;
    private const int DataChunkBytesMax = 64 << 10;
    private const int HeaderInts = 9;
    private const int Head = 1;
    private readonly int[] _before = new int[HeightMax];
    private int[][] _nodes = [];
    private byte[][] _data = [];
    private int _nodeChunks;
    private int _nextInt;
    private int _dataChunks;
    private int _dataUsed;
    private int _height = 1;
    private uint _random = 0x9E3779B9;
    private long _bytes;

    public SkipList()
    {
        AddNodeChunk();
        _nextInt = Head + HeaderInts + HeightMax;
        Array.Fill(_before, Head);
    }

    /// <summary>Memory in use, nodes included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds a version. Its sequence is above those of all other versions of the key. Writer only.</summary>
    public void Add(ReadOnlySpan<byte> key, ulong sequence, EntryKind kind, ReadOnlySpan<byte> value)
    {
        ulong prefix = PrefixOf(key);
        FindBefore(key, prefix, sequence);
        int height = NextHeight();
        if (height > _height)
        {
            // Readers that see the new height early find no link there and go down.
            Volatile.Write(ref _height, height);
        }

        int node = NewNode(key, prefix, sequence, kind, value, height);
        for (int level = 0; level < height; level++)
        {
            int before = _before[level];
            ref int link = ref LinkOf(node, level);
            link = LinkOf(before, level);
            Volatile.Write(ref LinkOf(before, level), node);
            _before[level] = node;
        }
    }

    /// <summary>The first node at or behind (key, sequence); 0 if there is none.</summary>
    public int FindAtOrBehind(ReadOnlySpan<byte> key, ulong sequence)
    {
        ulong prefix = PrefixOf(key);
        int node = Head;
        int level = Volatile.Read(ref _height) - 1;
        while (true)
        {
            int next = Volatile.Read(ref LinkOf(node, level));
            if (next != 0 && IsBefore(next, key, prefix, sequence))
            {
                node = next;
            }
            else if (level == 0)
            {
                return next;
            }
            else
            {
                level--;
            }
        }
    }

    /// <summary>The last node before (key, sequence); 0 if there is none.</summary>
    public int FindLastBefore(ReadOnlySpan<byte> key, ulong sequence)
    {
        ulong prefix = PrefixOf(key);
        int node = Head;
        for (int level = Volatile.Read(ref _height) - 1; level >= 0;)
        {
            int next = Volatile.Read(ref LinkOf(node, level));
            if (next != 0 && IsBefore(next, key, prefix, sequence))
            {
                node = next;
            }
            else
            {
                level--;
            }
        }

        return node == Head ? 0 : node;
    }

    /// <summary>The last node; 0 if there is none.</summary>
    public int FindLast()
    {
        int node = Head;
        for (int level = Volatile.Read(ref _height) - 1; level >= 0;)
        {
            int next = Volatile.Read(ref LinkOf(node, level));
            if (next != 0)
            {
                node = next;
            }
            else
            {
                level--;
            }
        }

        return node == Head ? 0 : node;
    }

    /// <summary>The first node; 0 if there is none.</summary>
    public int First() => Volatile.Read(ref LinkOf(Head, 0));

    /// <summary>The node behind; 0 if there is none.</summary>
    public int Next(int node) => Volatile.Read(ref LinkOf(node, 0));

    /// <summary>What a node holds.</summary>
    public void Read(int node, out byte[] data, out int offset, out int keyLength, out int valueLength, out ulong sequence, out EntryKind kind)
    {
        int[] chunk = Volatile.Read(ref _nodes)[node >> ChunkBits];
        ReadOnlySpan<int> fields = chunk.AsSpan(node & (ChunkInts - 1), HeaderInts);
        data = Volatile.Read(ref _data)[fields[0]];
        offset = fields[1];
        keyLength = fields[2];
        valueLength = fields[3];
        sequence = (uint)fields[4] | ((ulong)(uint)fields[5] << 32);
        kind = (EntryKind)(fields[6] & 1);
    }

    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong prefix = 0;
        for (int i = 0; i < key.Length; i++)
        {
            prefix |= (ulong)key[i] << (56 - (8 * i));
        }

        return prefix;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int LinkOf(int node, int level) =>
        ref Volatile.Read(ref _nodes)[node >> ChunkBits][(node & (ChunkInts - 1)) + HeaderInts + level];

    private bool IsBefore(int node, ReadOnlySpan<byte> key, ulong prefix, ulong sequence)
    {
        int[] chunk = Volatile.Read(ref _nodes)[node >> ChunkBits];
        ReadOnlySpan<int> fields = chunk.AsSpan(node & (ChunkInts - 1), HeaderInts);
        ulong own = ((ulong)(uint)fields[7] << 32) | (uint)fields[8];
        if (own != prefix)
        {
            return own < prefix;
        }

        int order = Volatile.Read(ref _data)[fields[0]].AsSpan(fields[1], fields[2]).SequenceCompareTo(key);
        return order != 0 ? order < 0 : ((uint)fields[4] | ((ulong)(uint)fields[5] << 32)) > sequence;
    }

    // The nodes behind which the new one comes, on all levels. Batches come in key order, so it mostly belongs right behind the one before.
    private void FindBefore(ReadOnlySpan<byte> key, ulong prefix, ulong sequence)
    {
        int last = _before[0];
        if (last != Head && IsBefore(last, key, prefix, sequence))
        {
            int next = LinkOf(last, 0);
            if (next == 0 || !IsBefore(next, key, prefix, sequence))
            {
                // On the levels above, the bracket of the last node is wider and holds this one too, unless nodes were passed: none was.
                return;
            }
        }

        int node = Head;
        for (int level = _height - 1; level >= 0;)
        {
            int next = LinkOf(node, level);
            if (next != 0 && IsBefore(next, key, prefix, sequence))
            {
                node = next;
            }
            else
            {
                _before[level] = node;
                level--;
            }
        }

        for (int level = _height; level < HeightMax; level++)
        {
            _before[level] = Head;
        }
    }

    private int NewNode(ReadOnlySpan<byte> key, ulong prefix, ulong sequence, EntryKind kind, ReadOnlySpan<byte> value, int height)
    {
        int bytes = key.Length + value.Length;
        if (_dataChunks == 0 || _data[_dataChunks - 1].Length - _dataUsed < bytes)
        {
            AddDataChunk(bytes);
        }

        int offset = _dataUsed;
        byte[] data = _data[_dataChunks - 1];
        key.CopyTo(data.AsSpan(offset));
        value.CopyTo(data.AsSpan(offset + key.Length));
        _dataUsed += bytes;
        int ints = HeaderInts + height;
        if (_nextInt + ints > _nodeChunks * ChunkInts)
        {
            _nextInt = _nodeChunks * ChunkInts;
            AddNodeChunk();
        }

        int node = _nextInt;
        _nextInt += ints;
        Span<int> fields = _nodes[node >> ChunkBits].AsSpan(node & (ChunkInts - 1), HeaderInts);
        fields[0] = _dataChunks - 1;
        fields[1] = offset;
        fields[2] = key.Length;
        fields[3] = value.Length;
        fields[4] = (int)(uint)sequence;
        fields[5] = (int)(uint)(sequence >> 32);
        fields[6] = (int)kind | (height << 8);
        fields[7] = (int)(uint)(prefix >> 32);
        fields[8] = (int)(uint)prefix;
        Volatile.Write(ref _bytes, _bytes + bytes + (ints * sizeof(int)));
        return node;
    }

    private void AddNodeChunk()
    {
        int[][] chunks = _nodes;
        if (_nodeChunks == chunks.Length)
        {
            Array.Resize(ref chunks, Math.Max(4, chunks.Length * 2));
        }

        chunks[_nodeChunks++] = new int[ChunkInts];
        Volatile.Write(ref _nodes, chunks);
    }

    private void AddDataChunk(int bytes)
    {
        byte[][] chunks = _data;
        if (_dataChunks == chunks.Length)
        {
            Array.Resize(ref chunks, Math.Max(4, chunks.Length * 2));
        }

        int chunkBytes = Math.Max(bytes, Math.Min(DataChunkBytesMax, DataChunkBytesMin << Math.Min(_dataChunks, 8)));
        chunks[_dataChunks++] = new byte[chunkBytes];
        _dataUsed = 0;
        Volatile.Write(ref _data, chunks);
    }

    // One in four nodes reaches each further level. The sequence is the same in every list: chance shapes the list, never its content.
    private int NextHeight()
    {
        int height = 1;
        while (height < HeightMax && (NextRandom() & 3) == 0)
        {
            height++;
        }

        return height;
    }

    private uint NextRandom()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _random;
    }
}
